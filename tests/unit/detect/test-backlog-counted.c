// SPDX-License-Identifier: MIT
/* Full accept queues that only the kernel's counters show, on both sides of each threshold. */
#include "support/scene.h"

#include <stdio.h>
#include <string.h>

#include "base/units.h"

#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

#define NETNS	  7
#define NETNS_TOO 8

/* In a namespace so many connections are accepted, and a queue overflows so often. */
static struct scene *counted(void **state, unsigned int overflows, unsigned int accepted)
{
	struct scene *s = scene_anew(state);
	char script[512];

	snprintf(script, sizeof(script),
		 "counter-names 0 TcpExt.ListenOverflows TcpExt.ListenDrops Tcp.PassiveOpens\n"
		 "counters 7 0 1001000000000 all 0=5000 1=5000 2=9\n"
		 "counters 8 0 1001000000000 all 0=0 1=0 2=0\n"
		 "counters 7 1 1002000000000 changes 0=%u 1=%u 2=%u\n"
		 "counters 7 2 1003000000000 changes 0=1 1=1\n"
		 "counters 8 1 1003000000000 changes 2=1\n",
		 overflows - 1, overflows - 1, accepted);
	scene_counters(s, script);
	return s;
}

static void serve_in(struct scene *s, uint32_t netns)
{
	struct tcp_conn *c = scene_serve(s, 1, 2, 80);

	c->netns = netns;
	scene_end(s, c);
}

static void test_how_often(void **state)
{
	struct scene *s = counted(state, 2, 10);

	serve_in(s, NETNS);
	scene_expect(s, "backlog", NOTHING);
	s = counted(state, 3, 301);
	serve_in(s, NETNS);
	scene_expect(s, "backlog", WARNING);
	s = counted(state, 3, 300);
	serve_in(s, NETNS);
	scene_expect(s, "backlog", CRITICAL);
}

static void test_words(void **state)
{
	struct scene *s = counted(state, 40, 10);
	const struct document_finding *x;

	serve_in(s, NETNS);
	scene_expect(s, "backlog", CRITICAL);
	x = scene_first(s, "backlog");
	assert_string_equal(x->title, "An accept queue of this host was full: the kernel dropped "
				      "40 SYNs and last ACKs of handshakes");
	assert_string_equal(x->sure, "certain");
	assert_string_equal(x->place, "host");
	assert_int_equal(x->since_ns, 1001 * NSEC_PER_SEC);
	assert_int_equal(x->until_ns, 1002 * NSEC_PER_SEC);
	assert_string_equal(x->evidence[0].key, "listen_overflows");
	assert_int_equal(x->evidence[0].cell.u64, 40);
	assert_string_equal(x->evidence[3].key, "worst_per_s");
	assert_int_equal(x->evidence[3].cell.u64, 39);
}

/* The counters of a namespace are about the connections that were served there. */
static void test_where(void **state)
{
	struct scene *s = counted(state, 40, 10);
	struct tcp_conn *c;

	serve_in(s, NETNS_TOO);
	scene_expect(s, "backlog", NOTHING);
	s = counted(state, 40, 10);
	serve_in(s, NETNS_TOO);
	serve_in(s, NETNS);
	scene_expect(s, "backlog", CRITICAL);
	s = counted(state, 40, 10);
	serve_in(s, 0);
	scene_expect(s, "backlog", NOTHING);
	s = counted(state, 40, 10);
	c = scene_call(s, 1, 2, 80);
	c->netns = NETNS;
	scene_end(s, c);
	scene_expect(s, "backlog", NOTHING);
}

/* With a filter the counter is that of others, too. */
static void test_with_a_filter(void **state)
{
	struct scene *s = counted(state, 40, 10);

	assert_int_equal(filter_prefixes_add(&s->filter.addrs, "10.0.1.2", &s->arena), 0);
	serve_in(s, NETNS);
	scene_expect(s, "backlog", WARNING);
	assert_string_equal(scene_first(s, "backlog")->sure, "possible");
}

static void feed_synacks(struct scene *s, size_t n)
{
	const struct tcp_conn *c = scene_serve(s, 1, 2, 80);
	struct tcp_event e = scene_event(s, TCP_KIND_RETRANSMIT_SYNACK, c);

	e.trigger = TCP_TRIGGER_TIMER;
	while (n--)
		scene_feed(s, &e);
}

/* Handshakes that are late: the counter tells why, if it counts as many as SYN-ACKs were sent
 * again. There is no second finding. */
static void test_with_late_handshakes(void **state)
{
	for (unsigned int overflows = 4; overflows <= 5; overflows++) {
		struct scene *s = counted(state, overflows, 10);
		const struct document_finding *x;

		feed_synacks(s, 5);
		for (size_t i = 0; i < 5; i++) {
			struct tcp_conn *c = scene_serve(s, 1, 2, 80);

			c->netns = NETNS;
			scene_cold(s, c)->n_synacks = 1;
			scene_end(s, c);
		}
		scene_expect(s, "backlog", WARNING);
		assert_int_equal(scene_count(s, "backlog"), 1);
		x = scene_first(s, "backlog");
		assert_string_equal(x->sure, overflows == 5 ? "likely" : "possible");
		assert_string_equal(x->place, overflows == 5 ? "host" : "unknown");
	}
}

/* The listener waits for data, but so shortly (TCP_DEFER_ACCEPT of a second) that its timers do not
 * tell: the kernel counts the ACKs that it put off. */
static void test_of_a_patient_listener(void **state)
{
	static const struct {
		unsigned int put_off, repeated;
		int level;
	} cases[] = {
		{5, 0, NOTHING},
		{4, 0, WARNING},
		{0, 0, WARNING},
		/* Clients repeat their SYNs: packets are lost. */
		{5, 1, WARNING},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene *s = scene_anew(state);
		struct tcp_event e;
		char script[256];

		snprintf(script, sizeof(script),
			 "counter-names 0 TcpExt.TCPDeferAcceptDrop\n"
			 "counters 7 0 1001000000000 all 0=100\n"
			 "counters 7 1 1002000000000 changes 0=%u\n",
			 cases[i].put_off);
		scene_counters(s, script);
		feed_synacks(s, 5);
		e = scene_event(s, TCP_KIND_RETRANSMIT_SYNACK, scene_serve(s, 1, 2, 80));
		e.trigger = TCP_TRIGGER_DUP_SYN;
		for (unsigned int k = 0; k < cases[i].repeated; k++)
			scene_feed(s, &e);
		for (size_t k = 0; k < 5; k++) {
			struct tcp_conn *c = scene_serve(s, 1, 2, 80);

			c->netns = NETNS;
			scene_cold(s, c)->n_synacks = 1;
			scene_end(s, c);
		}
		scene_expect(s, "backlog", cases[i].level);
		if (cases[i].level == NOTHING)
			continue;
		assert_int_equal(strstr(scene_first(s, "backlog")->meaning, "DEFER_ACCEPT") != NULL,
				 cases[i].put_off > 0);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_how_often),
		TEST(test_words),
		TEST(test_where),
		TEST(test_with_a_filter),
		TEST(test_with_late_handshakes),
		TEST(test_of_a_patient_listener),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
