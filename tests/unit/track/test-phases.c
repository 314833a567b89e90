// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "scene.h"
#include "tcp/names.h"

/* How far the tracker has come with a connection, and when it emits it. */
#define TUPLE "10.0.0.1:4000 10.0.0.2:80 connect "

static void advance(struct scene *s)
{
	assert_int_equal(tracker_advance(s->tracker, s->now, NULL), 0);
}

static const char *emitted(struct scene *s)
{
	advance(s);
	return s->told.len ? text_cstr(&s->told) : "";
}

static void close_here(struct scene *s, uint64_t sk, uint16_t lport)
{
	scene_change(s, sk, lport, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, CLIENT);
}

static void final(struct scene *s, uint16_t lport, uint64_t cookie)
{
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_FINAL,
					.state = TCP_STATE_CLOSE,
					.lport = lport,
					.rport = 80,
					.cookie = cookie,
					.acked = 6,
					.received = 3,
					.sent = 5});
}

static void test_phases_wait_for_the_final_tcp_info(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	scene_connect(s, 1, 4000);
	close_here(s, 1, 4000);
	scene_wait_ms(s, 60000);
	/* A process may keep a closed socket for as long as it likes. */
	assert_string_equal(emitted(s), "");
	scene_destroy(s, 1, 7);
	scene_wait_ms(s, 10000);
	assert_string_equal(emitted(s), "");
	scene_wait_ms(s, 1);
	assert_string_equal(emitted(s), TUPLE "aborted 2ms close:100\n");
	scene_finish(s, TUPLE "aborted 2ms close:100\n");
}

/* In a pause of the last figures nothing is waited for, and the connection says so. */
static void test_phases_of_figures_that_are_not_asked_for(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	scene_connect(s, 1, 4000);
	assert_int_equal(tracker_pause(s->tracker, s->now, 0, true), 0);
	close_here(s, 1, 4000);
	scene_destroy(s, 1, 7);
	assert_string_equal(emitted(s), TUPLE "aborted 2ms close:100 unasked\n");
	text_clear(&s->told);
	/* A pause of one namespace, of which nobody knows whether it is the connection's. */
	scene_wait_ms(s, 1);
	assert_int_equal(tracker_pause(s->tracker, s->now, 0, false), 0);
	assert_int_equal(tracker_pause(s->tracker, s->now, 9, true), 0);
	scene_wait_ms(s, 1);
	scene_connect(s, 2, 4000);
	close_here(s, 2, 4000);
	scene_destroy(s, 2, 8);
	assert_string_equal(emitted(s), "");
	final(s, 4000, 8);
	assert_string_equal(emitted(s), TUPLE "aborted 2ms tx=5 rx=3 close:100\n");
	text_clear(&s->told);
	scene_connect(s, 3, 4000);
	close_here(s, 3, 4000);
	scene_destroy(s, 3, 9);
	scene_wait_ms(s, 10001);
	assert_string_equal(emitted(s), TUPLE "aborted 2ms close:100 unasked\n");
}

static void test_phases_complete_with_the_final_tcp_info(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	scene_connect(s, 1, 4000);
	close_here(s, 1, 4000);
	scene_destroy(s, 1, 7);
	final(s, 4000, 7);
	assert_string_equal(emitted(s), TUPLE "aborted 2ms tx=5 rx=3 close:100\n");
	scene_finish(s, TUPLE "aborted 2ms tx=5 rx=3 close:100\n");
}

/* The order of CLOSE is kept: a later one that is complete waits for an earlier one. */
static void test_phases_keep_the_order_of_close(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	scene_connect(s, 1, 4000);
	scene_connect(s, 2, 4001);
	close_here(s, 1, 4000);
	close_here(s, 2, 4001);
	scene_destroy(s, 2, 8);
	final(s, 4001, 8);
	assert_string_equal(emitted(s), "");
	scene_destroy(s, 1, 7);
	final(s, 4000, 7);
	assert_string_equal(emitted(s), TUPLE "aborted 4ms tx=5 rx=3 close:100\n"
					      "10.0.0.1:4001 10.0.0.2:80 connect aborted 2ms tx=5 "
					      "rx=3 close:100\n");
}

/* Where tcp_destroy_sock is not recorded, CLOSE is all that comes. What is emitted before its
 * socket is destroyed is not emitted again. */
static void test_phases_without_destroy_events(void **state)
{
	struct scene *s = *state;

	tracker_expect(s->tracker, TCP_KIND_BIT(TCP_KIND_SET_STATE));
	scene_connect(s, 1, 4000);
	close_here(s, 1, 4000);
	scene_wait_ms(s, 2000);
	assert_string_equal(emitted(s), "");
	scene_wait_ms(s, 1);
	assert_string_equal(emitted(s), TUPLE "aborted 2ms close:100\n");
	scene_destroy(s, 1, 0);
	scene_finish(s, TUPLE "aborted 2ms close:100\n");
}

static void test_phases_on_a_stream_wait_200_ms(void **state)
{
	struct scene *s = *state;
	struct tracker_options o = {.is_live = true, .userdata = s};

	o.ended = s->ended;
	tracker_free(s->tracker);
	assert_int_equal(tracker_new(&o, &s->tracker, NULL), 0);
	scene_expect_diag(s);
	scene_connect(s, 1, 4000);
	close_here(s, 1, 4000);
	scene_wait_ms(s, 200);
	assert_string_equal(emitted(s), "");
	scene_wait_ms(s, 1);
	assert_string_equal(emitted(s), TUPLE "aborted 2ms close:100\n");
	/* The final tcp_info comes too late to be shown, and ends the connection's memory. */
	final(s, 4000, 0);
	scene_finish(s, TUPLE "aborted 2ms close:100\n");
}

/* A final tcp_info that fits no connection is given to the one whose end was not seen. */
static void test_phases_unmatched_final_is_claimed(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.listing = SOCKET_DUMP_START_DONE});
	scene_connect(s, 1, 4000);
	scene_wait_ms(s, 5);
	final(s, 4000, 7);
	/* The same socket connects again. */
	scene_wait_ms(s, 5);
	scene_connect(s, 1, 4001);
	assert_string_equal(emitted(s), TUPLE "unseen 7ms tx=5 rx=3 connect:100\n");
	/* And one that nobody claims is shown at the end. */
	final(s, 4002, 9);
	scene_finish(s, TUPLE "unseen 7ms tx=5 rx=3 connect:100\n"
			      "10.0.0.1:4002 10.0.0.2:80 before unseen tx=5 rx=3\n"
			      "10.0.0.1:4001 10.0.0.2:80 connect open 2ms connect:100\n");
}

/* A final tcp_info from before the connection's birth is about an earlier one with the same
 * endpoints. */
static void test_phases_unmatched_final_of_an_earlier_connection(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.listing = SOCKET_DUMP_START_DONE});
	final(s, 4000, 7);
	scene_wait_ms(s, 5);
	scene_connect(s, 1, 4000);
	scene_wait_ms(s, 5);
	scene_connect(s, 1, 4001);
	assert_string_equal(emitted(s), TUPLE "unseen 2ms connect:100\n");
}

/* The subflows of an MPTCP connection are connections of their own: its main socket would be there
 * twice. */
static void test_phases_mute_main_socket_of_mptcp(void **state)
{
	struct scene *s = *state;
	struct tcp_event e = scene_event(TCP_KIND_SET_STATE, 1, 4000, 80);

	e.oldstate = TCP_STATE_CLOSE;
	e.newstate = TCP_STATE_SYN_SENT;
	e.protocol = TCP_PROTOCOL_MPTCP;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_OLDSTATE) | TCP_FIELD_BIT(TCP_FIELD_NEWSTATE) |
		     TCP_FIELD_BIT(TCP_FIELD_PROTOCOL);
	scene_feed(s, &e);
	assert_non_null(e.conn);
	assert_true(tcp_conn_is_emitted(e.conn));
	assert_false(tcp_conn_is_closed(e.conn));
	/* Another one, which is still there where the tape ends. */
	e.sk = 2;
	scene_feed(s, &e);
	e.sk = 1;
	e.oldstate = TCP_STATE_ESTABLISHED;
	e.newstate = TCP_STATE_CLOSE;
	scene_feed(s, &e);
	/* The main socket has no tcp_destroy_sock: it is forgotten with its CLOSE. */
	assert_null(e.conn);
	scene_wait_ms(s, 5000);
	scene_finish(s, "");
}

/* While the recorder is held up, the final tcp_info waits in the kernel, however long. */
static void test_phases_wait_for_a_recorder_that_is_held_up(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	scene_connect(s, 1, 4000);
	close_here(s, 1, 4000);
	assert_int_equal(tracker_held_up(s->tracker, s->now, s->now + 30000 * (uint64_t)MS), 0);
	scene_destroy(s, 1, 7);
	scene_wait_ms(s, 40000);
	assert_string_equal(emitted(s), "");
	final(s, 4000, 7);
	scene_finish(s, TUPLE "aborted 2ms tx=5 rx=3 close:100\n");
}

/* A final tcp_info that comes when its connection was emitted is not that of another one. */
static void test_phases_final_that_is_late(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	for (uint16_t i = 0; i < 2; i++) {
		scene_connect(s, 1 + i, 4000 + i);
		close_here(s, 1 + i, 4000 + i);
		/* Without the cookie, its endpoints tell. */
		scene_destroy(s, 1 + i, i ? 0 : 7);
	}
	scene_wait_ms(s, 10001);
	final(s, 4000, 7);
	final(s, 4001, 8);
	/* These two are told of once. */
	final(s, 4001, 9);
	scene_finish(s, TUPLE "aborted 2ms close:100\n"
			      "10.0.0.1:4001 10.0.0.2:80 connect aborted 2ms close:100\n"
			      "10.0.0.1:4001 10.0.0.2:80 before unseen tx=5 rx=3\n");
}

/* Where tcp_destroy_sock is not recorded, no event has the cookie: the final tcp_info finds the
 * connections that used these endpoints in the order in which they closed. */
static void final_without_destroy_events(struct scene *s, tcp_kinds also)
{
	tracker_expect(s->tracker, also | TCP_KIND_BIT(TCP_KIND_SET_STATE) |
					   TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL));
	for (uint64_t sk = 1; sk <= 2; sk++) {
		scene_connect(s, sk, 4000);
		close_here(s, sk, 4000);
	}
	final(s, 4000, 7);
	scene_connect(s, 3, 4000);
	final(s, 4000, 8);
	scene_finish(s, TUPLE "aborted 2ms tx=5 rx=3 close:100\n" TUPLE
			      "aborted 2ms tx=5 rx=3 close:100\n" TUPLE "open 2ms connect:100\n");
}

static void test_phases_final_without_destroy_events(void **state)
{
	final_without_destroy_events(*state, 0);
}

/* Then open connections are found by their endpoints, too. */
static void test_phases_final_without_destroy_events_but_tables(void **state)
{
	final_without_destroy_events(*state, TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED));
}

/* The kernel clears the figures of a socket that it disconnects, as close() does with SO_LINGER 0,
 * and its port of the peer. */
static void final_cleared(struct scene *s, uint16_t lport, uint64_t cookie)
{
	struct tcp_info_values f = {.present = UINT64_MAX};
	struct tcp_event e = scene_event(TCP_KIND_SOCKET_FINAL, 0, lport, 0);

	e.tcp_info = &f;
	e.state = TCP_STATE_CLOSE;
	e.cookie = cookie;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_STATE) | TCP_FIELD_BIT(TCP_FIELD_COOKIE);
	scene_feed(s, &e);
}

/* The server's end of a connection of scene_connect(): 10.0.0.2:80 to 10.0.0.1:lport. */
static void change_of_far_end(struct scene *s, uint64_t sk, uint16_t lport, int from, int to)
{
	struct tcp_event e = scene_event(TCP_KIND_SET_STATE, sk, lport, 80);
	struct endpoint local = e.local;

	e.local = e.remote;
	e.remote = local;
	e.oldstate = from;
	e.newstate = to;
	e.protocol = TCP_PROTOCOL_TCP;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_OLDSTATE) | TCP_FIELD_BIT(TCP_FIELD_NEWSTATE) |
		     TCP_FIELD_BIT(TCP_FIELD_PROTOCOL);
	scene_feed(s, &e);
}

static void final_of_far_end(struct scene *s, uint64_t sk, uint16_t lport, uint64_t cookie)
{
	struct tcp_event e = scene_event(TCP_KIND_SOCKET_FINAL, 0, lport, 80);
	struct tcp_info_values f = {.present = UINT64_MAX};
	struct tcp_event destroy = {.kind = TCP_KIND_DESTROY, .sk = sk, .cookie = cookie};
	struct endpoint local = e.local;

	destroy.present = TCP_FIELD_BIT(TCP_FIELD_SK) | TCP_FIELD_BIT(TCP_FIELD_COOKIE);
	scene_feed(s, &destroy);
	e.local = e.remote;
	e.remote = local;
	f.values[TCP_INFO_BYTES_ACKED] = f.values[TCP_INFO_BYTES_SENT] = 300;
	f.values[TCP_INFO_BYTES_RECEIVED] = 200;
	f.values[TCP_INFO_SEGS_IN] = f.values[TCP_INFO_SEGS_OUT] = 9;
	e.tcp_info = &f;
	e.state = TCP_STATE_CLOSE;
	e.cookie = cookie;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_STATE) | TCP_FIELD_BIT(TCP_FIELD_COOKIE);
	scene_feed(s, &e);
}

#define FAR "10.0.0.2:80 10.0.0.1:4000 "

static void test_phases_cleared_figures_are_unknown(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	scene_connect(s, 1, 4000);
	close_here(s, 1, 4000);
	scene_destroy(s, 1, 7);
	final_cleared(s, 4000, 7);
	scene_wait_ms(s, 2000);
	assert_string_equal(emitted(s), "");
	scene_wait_ms(s, 1);
	assert_string_equal(emitted(s), TUPLE "aborted 2ms close:100\n");
	scene_finish(s, TUPLE "aborted 2ms close:100\n");
}

/* Both ends are on this host: one is told of first, or the other. */
static void test_phases_cleared_figures_are_those_of_the_far_end(void **state)
{
	for (int far_first = 0; far_first <= 1; far_first++) {
		struct scene *s = *state;

		scene_expect_diag(s);
		scene_connect(s, 1, 4000);
		change_of_far_end(s, 2, 4000, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED);
		close_here(s, 1, 4000);
		change_of_far_end(s, 2, 4000, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE);
		if (far_first)
			final_of_far_end(s, 2, 4000, 8);
		scene_destroy(s, 1, 7);
		final_cleared(s, 4000, 7);
		if (!far_first)
			final_of_far_end(s, 2, 4000, 8);
		scene_finish(s, TUPLE "aborted 2ms tx=200 rx=300 close:100\n" FAR
				      "before aborted tx=300 rx=200\n");
		if (!far_first) {
			scene_teardown(state);
			scene_setup(state);
		}
	}
}

#define PHASES_TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PHASES_TEST(test_phases_wait_for_the_final_tcp_info),
		PHASES_TEST(test_phases_of_figures_that_are_not_asked_for),
		PHASES_TEST(test_phases_complete_with_the_final_tcp_info),
		PHASES_TEST(test_phases_keep_the_order_of_close),
		PHASES_TEST(test_phases_without_destroy_events),
		PHASES_TEST(test_phases_on_a_stream_wait_200_ms),
		PHASES_TEST(test_phases_unmatched_final_is_claimed),
		PHASES_TEST(test_phases_unmatched_final_of_an_earlier_connection),
		PHASES_TEST(test_phases_mute_main_socket_of_mptcp),
		PHASES_TEST(test_phases_wait_for_a_recorder_that_is_held_up),
		PHASES_TEST(test_phases_final_that_is_late),
		PHASES_TEST(test_phases_final_without_destroy_events),
		PHASES_TEST(test_phases_final_without_destroy_events_but_tables),
		PHASES_TEST(test_phases_cleared_figures_are_unknown),
		PHASES_TEST(test_phases_cleared_figures_are_those_of_the_far_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
