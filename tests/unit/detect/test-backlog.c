// SPDX-License-Identifier: MIT
/* Handshakes that peers do not complete, and accept queues, on both sides of each threshold. */
#include "support/scene.h"

#include <string.h>

#include "tcp/names.h"

#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

/* A port at which connections come in. */
struct port_case {
	size_t by_timer, by_repeat; /* SYN-ACKs retransmitted */
	size_t half_open, slow;	    /* handshakes with retransmitted SYN-ACKs */
	size_t fast;		    /* handshakes without */
};

static void feed_synacks(struct scene *s, size_t n, enum tcp_trigger trigger)
{
	struct tcp_event e = scene_event(s, TCP_KIND_RETRANSMIT_SYNACK, scene_serve(s, 1, 2, 80));

	e.trigger = trigger;
	while (n--)
		scene_feed(s, &e);
}

static void end_handshakes(struct scene *s, size_t n, enum tcp_origin origin, uint32_t n_synacks)
{
	while (n--) {
		struct tcp_conn *c = scene_serve(s, 1, 2, 80);

		c->origin = (uint8_t)origin;
		scene_cold(s, c)->n_synacks = n_synacks;
		scene_end(s, c);
	}
}

static struct scene *handshakes(void **state, const struct port_case *p, int level)
{
	struct scene *s = scene_anew(state);

	feed_synacks(s, p->by_timer, TCP_TRIGGER_TIMER);
	feed_synacks(s, p->by_repeat, TCP_TRIGGER_DUP_SYN);
	end_handshakes(s, p->half_open, TCP_ORIGIN_HALF_OPEN, 1);
	end_handshakes(s, p->slow, TCP_ORIGIN_ACCEPT, 1);
	end_handshakes(s, p->fast, TCP_ORIGIN_ACCEPT, 0);
	scene_expect(s, "backlog", level);
	return s;
}

static void test_backlog_of_few_synacks(void **state)
{
	handshakes(state, &(struct port_case){.by_timer = 2, .half_open = 3}, NOTHING);
	handshakes(state, &(struct port_case){.by_timer = 2, .by_repeat = 1, .half_open = 3},
		   WARNING);
}

static void test_backlog_of_handshakes_not_completed(void **state)
{
	handshakes(state, &(struct port_case){.by_timer = 3, .half_open = 2, .fast = 1}, NOTHING);
	handshakes(state, &(struct port_case){.by_timer = 3, .half_open = 3, .fast = 300}, WARNING);
	handshakes(state, &(struct port_case){.by_timer = 3, .half_open = 3, .fast = 301}, NOTHING);
}

static void test_backlog_of_late_handshakes(void **state)
{
	handshakes(state, &(struct port_case){.by_timer = 3, .slow = 4}, NOTHING);
	handshakes(state, &(struct port_case){.by_timer = 3, .slow = 5}, WARNING);
	handshakes(state, &(struct port_case){.by_timer = 3, .slow = 10, .fast = 90}, WARNING);
	handshakes(state, &(struct port_case){.by_timer = 3, .slow = 10, .fast = 91}, NOTHING);
}

/* Why they repeat tells what is wrong. */
static void test_backlog_by_repeated_syns(void **state)
{
	struct scene *s = handshakes(
		state, &(struct port_case){.by_timer = 3, .by_repeat = 3, .half_open = 3}, WARNING);

	assert_non_null(strstr(scene_first(s, "backlog")->meaning, "Clients repeat their SYN"));
	s = handshakes(state, &(struct port_case){.by_timer = 4, .by_repeat = 3, .half_open = 3},
		       WARNING);
	assert_null(strstr(scene_first(s, "backlog")->meaning, "Clients repeat their SYN"));
}

static void feed_listener(struct scene *s, uint64_t waiting, uint64_t limit)
{
	struct tcp_info_values values = {.present = TCP_INFO_BIT(TCP_INFO_UNACKED) |
						    TCP_INFO_BIT(TCP_INFO_SACKED)};
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, scene_serve(s, 1, 2, 80));

	values.values[TCP_INFO_UNACKED] = waiting;
	values.values[TCP_INFO_SACKED] = limit;
	e.remote = (struct endpoint){0};
	e.local.addr = ip_addr_v4((const uint8_t[]){0, 0, 0, 0});
	e.conn = NULL;
	e.state = TCP_STATE_LISTEN;
	e.dump = SOCKET_DUMP_START;
	e.tcp_info = &values;
	scene_feed(s, &e);
}

static void test_backlog_of_a_full_queue(void **state)
{
	struct scene *s = *state;

	feed_listener(s, 128, 128);
	scene_expect(s, "backlog", NOTHING);
	s = scene_anew(state);
	feed_listener(s, 129, 128);
	feed_listener(s, 10, 128);
	scene_expect(s, "backlog", CRITICAL);
	assert_non_null(strstr(scene_first(s, "backlog")->title, "129 wait, the limit is 128"));
}

/* A listener for any address passes no filter of addresses: a connection that was made at it does.
 * */
static void test_backlog_with_a_filter(void **state)
{
	for (int is_served = 0; is_served <= 1; is_served++) {
		struct scene *s = scene_anew(state);

		assert_int_equal(filter_prefixes_add(&s->filter.addrs, "10.0.1.2", &s->arena), 0);
		feed_listener(s, 129, 128);
		if (is_served)
			scene_final(s, scene_serve(s, 1, 2, 80), &(struct tcp_info_growth){0});
		else
			scene_final(s, scene_serve(s, 1, 3, 80), &(struct tcp_info_growth){0});
		scene_expect(s, "backlog", is_served ? CRITICAL : NOTHING);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_backlog_of_few_synacks),
		TEST(test_backlog_of_handshakes_not_completed),
		TEST(test_backlog_of_late_handshakes),
		TEST(test_backlog_by_repeated_syns),
		TEST(test_backlog_of_a_full_queue),
		TEST(test_backlog_with_a_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
