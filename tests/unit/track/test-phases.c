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
	scene_wait_ms(s, 2000);
	assert_string_equal(emitted(s), "");
	scene_wait_ms(s, 1);
	assert_string_equal(emitted(s), TUPLE "aborted 2ms close:100\n");
	scene_finish(s, TUPLE "aborted 2ms close:100\n");
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

#define PHASES_TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PHASES_TEST(test_phases_wait_for_the_final_tcp_info),
		PHASES_TEST(test_phases_complete_with_the_final_tcp_info),
		PHASES_TEST(test_phases_keep_the_order_of_close),
		PHASES_TEST(test_phases_without_destroy_events),
		PHASES_TEST(test_phases_on_a_stream_wait_200_ms),
		PHASES_TEST(test_phases_unmatched_final_is_claimed),
		PHASES_TEST(test_phases_unmatched_final_of_an_earlier_connection),
		PHASES_TEST(test_phases_mute_main_socket_of_mptcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
