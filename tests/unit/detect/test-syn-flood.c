// SPDX-License-Identifier: MIT
/* SYN floods, and bursts of real clients, on both sides of each threshold. */
#include "support/scene.h"

#include <stdio.h>
#include <string.h>

#define NOTICE	 DOCUMENT_NOTICE
#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

/* What the kernel counts in namespace 7, and the handshakes of which a SYN-ACK was sent again. */
struct flood_case {
	unsigned int sent, returned, full, dropped;
	unsigned int peers;	     /* that begin one handshake, and do not complete it */
	unsigned int slow, accepted; /* completed: late; at once */
	unsigned int by_repeat;	     /* SYN-ACKs sent again as the SYN was; the rest by timer */
	const char *cookies;	     /* net.ipv4.tcp_syncookies; NULL: not known */
};

static void case_counters(struct scene *s, const struct flood_case *p)
{
	char script[1024];

	snprintf(script, sizeof(script),
		 "counter-names 0 TcpExt.SyncookiesSent TcpExt.SyncookiesRecv "
		 "TcpExt.TCPReqQFullDoCookies TcpExt.TCPReqQFullDrop\n"
		 "setting 1000000000000 7 net.ipv4.tcp_syncookies %s\n"
		 "counters 7 0 1001000000000 all 0=9 1=9 2=9 3=9\n"
		 "counters 7 1 1002000000000 changes 0=%u 1=%u 2=%u 3=%u\n"
		 "counters 7 2 1003000000000 all 0=%u 1=%u 2=%u 3=%u\n",
		 p->cookies ? p->cookies : "1", p->sent, p->returned, p->full, p->dropped,
		 p->sent + 9, p->returned + 9, p->full + 9, p->dropped + 9);
	scene_counters(s, script);
}

static void case_conn(struct scene *s, enum tcp_origin origin, unsigned int i, uint32_t n_synacks,
		      bool is_repeat)
{
	struct tcp_conn *c = scene_serve(s, (uint8_t)(1 + i / 200), (uint8_t)(1 + i % 200), 80);
	struct tcp_event e = scene_event(s, TCP_KIND_RETRANSMIT_SYNACK, c);

	e.trigger = is_repeat ? TCP_TRIGGER_DUP_SYN : TCP_TRIGGER_TIMER;
	if (n_synacks)
		scene_feed(s, &e);
	c->origin = (uint8_t)origin;
	c->netns = origin == TCP_ORIGIN_ACCEPT ? 7 : 0;
	scene_cold(s, c)->n_synacks = n_synacks;
	scene_end(s, c);
}

static struct scene *flood(void **state, const struct flood_case *p, int level)
{
	struct scene *s = scene_anew(state);

	case_counters(s, p);
	for (unsigned int i = 0; i < p->peers; i++)
		case_conn(s, TCP_ORIGIN_HALF_OPEN, i, 1, i < p->by_repeat);
	for (unsigned int i = 0; i < p->slow + p->accepted; i++)
		case_conn(s, TCP_ORIGIN_ACCEPT, i, i < p->slow, false);
	scene_expect(s, "syn-flood", level);
	return s;
}

#define CASE(...) (&(struct flood_case){__VA_ARGS__})

/* Cookies that do not come back. */
static void test_cookies(void **state)
{
	struct scene *s;
	const struct document_finding *x;

	flood(state, CASE(.sent = 49, .accepted = 1), NOTHING);
	s = flood(state, CASE(.sent = 50, .accepted = 1), WARNING);
	x = scene_first(s, "syn-flood");
	assert_string_equal(x->title, "A SYN flood: 50 handshakes began and never went on");
	assert_string_equal(x->place, "network");
	flood(state, CASE(.sent = 100, .returned = 51, .accepted = 1), NOTHING);
	flood(state, CASE(.sent = 100, .returned = 50, .accepted = 1), WARNING);
	/* They are those of a namespace, and nobody's where no connection is. */
	flood(state, CASE(.sent = 500), NOTHING);
}

/* Many addresses, by events alone. */
static void test_addresses(void **state)
{
	struct scene *s = flood(state, CASE(.peers = 49, .accepted = 10), NOTHING);

	assert_int_equal(scene_count(s, "backlog"), 1);
	s = flood(state, CASE(.peers = 50, .accepted = 10), WARNING);
	assert_string_equal(scene_first(s, "syn-flood")->title,
			    "A SYN flood at port 80: 50 handshakes began and never went on");
	assert_int_equal(scene_count(s, "backlog"), 0);
	flood(state, CASE(.peers = 54, .slow = 6), WARNING);
	flood(state, CASE(.peers = 54, .slow = 7), NOTHING);
	flood(state, CASE(.peers = 50, .accepted = 5000), WARNING);
	flood(state, CASE(.peers = 50, .accepted = 5001), NOTHING);
}

/* Who does not get the answers asks again. */
static void test_repeated(void **state)
{
	struct scene *s;

	flood(state, CASE(.sent = 90, .peers = 60, .by_repeat = 29, .accepted = 1), WARNING);
	s = flood(state, CASE(.sent = 90, .peers = 60, .by_repeat = 30, .accepted = 1), NOTHING);
	assert_non_null(strstr(scene_first(s, "backlog")->meaning, "Clients retransmit their SYN"));
}

/* SYNs that are dropped as there are no cookies. */
static void test_dropped(void **state)
{
	struct scene *s;

	flood(state, CASE(.dropped = 9, .peers = 10, .accepted = 10), NOTHING);
	flood(state, CASE(.dropped = 10, .peers = 10, .accepted = 10), CRITICAL);
	s = flood(state, CASE(.dropped = 10, .peers = 10, .slow = 9), CRITICAL);
	assert_string_equal(scene_first(s, "syn-flood")->place, "network");
	assert_string_equal(scene_first(s, "syn-flood")->title,
			    "A SYN flood at port 80: 10 handshakes began and never went on, and 10 "
			    "SYNs found no room");
	s = flood(state, CASE(.dropped = 9, .accepted = 10), NOTHING);
	s = flood(state, CASE(.dropped = 10, .accepted = 10), WARNING);
	assert_string_equal(
		scene_first(s, "syn-flood")->title,
		"The kernel dropped 10 SYNs: the queue of unfinished handshakes was full");
	assert_string_equal(scene_first(s, "syn-flood")->place, "host");
	/* The finding of late handshakes is enough. */
	s = flood(state, CASE(.dropped = 10, .peers = 10, .slow = 10), NOTHING);
	assert_int_equal(scene_count(s, "backlog"), 1);
}

/* Real clients whose cookies come back. */
static void test_burst(void **state)
{
	struct scene *s;

	flood(state, CASE(.sent = 9, .returned = 9, .full = 9, .accepted = 9), NOTHING);
	s = flood(state, CASE(.sent = 10, .returned = 10, .full = 10, .accepted = 10), NOTICE);
	assert_string_equal(scene_first(s, "syn-flood")->title,
			    "The kernel answered 10 SYNs by cookies: the queue of unfinished "
			    "handshakes was full");
	assert_int_equal(scene_count(s, "quiet"), 1);
	flood(state, CASE(.sent = 60, .returned = 60, .full = 60, .accepted = 60, .cookies = "2"),
	      NOTHING);
	flood(state, CASE(.sent = 60, .full = 60, .accepted = 60, .cookies = "2"), WARNING);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cookies), TEST(test_addresses), TEST(test_repeated),
		TEST(test_dropped), TEST(test_burst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
