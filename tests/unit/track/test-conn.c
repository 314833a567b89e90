// SPDX-License-Identifier: MIT
/* Whole connections: each that the tracker emits is a line of text. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "scene.h"
#include "tcp/names.h"

static void test_conn_closed_here(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	scene_connect(s, 1, 4000);
	scene_wait_ms(s, 10);
	scene_change(s, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, CLIENT);
	scene_change(s, 1, 4000, 80, TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2, 0);
	scene_wait_ms(s, 3);
	scene_change(s, 1, 4000, 80, TCP_STATE_FIN_WAIT2, TCP_STATE_CLOSE, 0);
	scene_destroy(s, 1, 77);
	scene_wait_ms(s, 1);
	assert_null(s->told.data);
	/* SYN and FIN are in bytes_acked, the peer's FIN in bytes_received. */
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_FINAL,
					.state = TCP_STATE_CLOSE,
					.lport = 4000,
					.rport = 80,
					.cookie = 77,
					.acked = 502,
					.received = 901,
					.sent = 500});
	scene_finish(s,
		     "10.0.0.1:4000 10.0.0.2:80 connect local-fin 15ms tx=500 rx=900 close:100\n");
}

/* The bytes of a connection in FIN_WAIT2 that ends with this call chain. */
static void expect_end_with_chain(struct scene *s, const char *const *frames, size_t n_frames,
				  const char *told)
{
	struct tcp_event e = scene_event(TCP_KIND_SET_STATE, 1, 4000, 80);

	scene_expect_diag(s);
	scene_connect(s, 1, 4000);
	scene_wait_ms(s, 10);
	scene_change(s, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, CLIENT);
	scene_change(s, 1, 4000, 80, TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2, 0);
	scene_wait_ms(s, 3);
	e.oldstate = TCP_STATE_FIN_WAIT2;
	e.newstate = TCP_STATE_CLOSE;
	e.protocol = TCP_PROTOCOL_TCP;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_OLDSTATE) | TCP_FIELD_BIT(TCP_FIELD_NEWSTATE) |
		     TCP_FIELD_BIT(TCP_FIELD_PROTOCOL);
	e.frames = frames;
	e.n_frames = n_frames;
	scene_feed(s, &e);
	scene_destroy(s, 1, 77);
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_FINAL,
					.state = TCP_STATE_CLOSE,
					.lport = 4000,
					.rport = 80,
					.cookie = 77,
					.acked = 502,
					.received = 901,
					.sent = 500});
	scene_finish(s, told);
}

static void test_conn_whose_chain_shows_no_fin(void **state)
{
	static const char *const frames[] = {"tcp_set_state+0x1", "tcp_time_wait+0x2",
					     "tcp_rcv_state_process+0x3"};

	expect_end_with_chain(
		*state, frames, 3,
		"10.0.0.1:4000 10.0.0.2:80 connect local-fin 15ms tx=500 rx=901 close:100\n");
}

/* A chain that is cut short says nothing of the FIN; the states say that it came. */
static void test_conn_whose_chain_is_cut(void **state)
{
	static const char *const frames[] = {"__traceiter_inet_sock_set_state+0x3c", NULL};

	expect_end_with_chain(
		*state, frames, 2,
		"10.0.0.1:4000 10.0.0.2:80 connect local-fin 15ms tx=500 rx=900 close:100\n");
}

static void test_conn_closed_there(void **state)
{
	struct scene *s = *state;

	scene_change(s, 9, 80, 0, TCP_STATE_CLOSE, TCP_STATE_LISTEN, SERVER);
	/* Up to 6.14 a new one shows the listener's endpoints first. */
	scene_change(s, 2, 80, 0, TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, 0);
	scene_change(s, 2, 80, 4000, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED, 0);
	scene_wait_ms(s, 5);
	scene_change(s, 2, 80, 4000, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
	scene_wait_ms(s, 5);
	scene_change(s, 2, 80, 4000, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, WORKER);
	scene_change(s, 2, 80, 4000, TCP_STATE_LAST_ACK, TCP_STATE_CLOSE, 0);
	scene_destroy(s, 2, 0);
	scene_finish(s, "10.0.0.1:80 10.0.0.2:4000 accept remote-fin 10ms close:300\n"
			"10.0.0.1:80 -:- listen open 10ms connect:200\n");
}

static void test_conn_resets_and_errors(void **state)
{
	struct scene *s = *state;
	struct tcp_event e;

	tracker_expect(s->tracker, TCP_KIND_BIT(TCP_KIND_DESTROY));
	/* Refused. */
	scene_change(s, 1, 4000, 81, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	scene_plain(s, TCP_KIND_RECEIVE_RESET, 1, 4000, 81);
	scene_change(s, 1, 4000, 81, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, 0);
	/* From 6.10 on the report comes after CLOSE. */
	e = scene_event(TCP_KIND_ERROR_REPORT, 0, 4000, 81);
	e.err = ECONNREFUSED;
	scene_feed(s, &e);
	scene_destroy(s, 1, 0);
	/* Given up; here the report comes first. */
	scene_change(s, 2, 4001, 82, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	e = scene_event(TCP_KIND_ERROR_REPORT, 0, 4001, 82);
	e.err = ETIMEDOUT;
	scene_feed(s, &e);
	scene_change(s, 2, 4001, 82, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, 0);
	scene_destroy(s, 2, 0);
	/* Closed with unread data. */
	scene_connect(s, 3, 4002);
	scene_change(s, 3, 4002, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, CLIENT);
	e = scene_event(TCP_KIND_SEND_RESET, 3, 4002, 80);
	e.state = TCP_STATE_CLOSE;
	scene_feed(s, &e);
	scene_destroy(s, 3, 0);
	scene_finish(s, "10.0.0.1:4000 10.0.0.2:81 connect remote-reset 0ms connect:100 err=111\n"
			"10.0.0.1:4001 10.0.0.2:82 connect timeout 0ms connect:100 err=110\n"
			"10.0.0.1:4002 10.0.0.2:80 connect local-reset 2ms close:100\n");
}

/* A report belongs to the close in the same call. One of a millisecond before did not end the
 * connection. */
static void test_conn_with_an_error_of_before(void **state)
{
	struct scene *s = *state;
	struct tcp_event e;

	tracker_expect(s->tracker, TCP_KIND_BIT(TCP_KIND_DESTROY));
	for (unsigned int ms = 0; ms <= 1; ms++) {
		uint16_t port = (uint16_t)(4000 + ms);

		scene_connect(s, 1 + ms, port);
		e = scene_event(TCP_KIND_ERROR_REPORT, 0, port, 80);
		e.err = ETIMEDOUT;
		scene_feed(s, &e);
		scene_wait_ms(s, ms);
		scene_change(s, 1 + ms, port, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, CLIENT);
		scene_destroy(s, 1 + ms, 0);
	}
	scene_finish(s, "10.0.0.1:4000 10.0.0.2:80 connect timeout 2ms close:100 err=110\n"
			"10.0.0.1:4001 10.0.0.2:80 connect aborted 3ms close:100\n");
}

/* Feeds a change of state, and returns what was learned. */
static struct tcp_event change_of(struct scene *s, uint64_t sk, uint16_t lport, int from, int to)
{
	struct tcp_event e = scene_event(TCP_KIND_SET_STATE, sk, lport, 80);

	e.oldstate = from;
	e.newstate = to;
	e.protocol = TCP_PROTOCOL_TCP;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_OLDSTATE) | TCP_FIELD_BIT(TCP_FIELD_NEWSTATE) |
		     TCP_FIELD_BIT(TCP_FIELD_PROTOCOL);
	scene_feed(s, &e);
	return e;
}

/* A closed socket whose FIN is acknowledged leaves FIN_WAIT2 at once, to wait there as a small
 * socket: how long the state lasts is not known then. */
static void test_conn_that_lives_on_in_fin_wait2(void **state)
{
	struct scene *s = *state;

	for (uint16_t us = 49; us <= 50; us++) {
		struct tcp_event e;

		scene_connect(s, us, us);
		change_of(s, us, us, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1);
		change_of(s, us, us, TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2);
		s->now += us * 1000u;
		e = change_of(s, us, us, TCP_STATE_FIN_WAIT2, TCP_STATE_CLOSE);
		assert_int_equal(e.has_spent, us == 50);
		assert_int_equal(e.spent_ns, us == 50 ? 50000 : 0);
	}
}

/* How long a state lasted is known if its beginning was seen: here the change to it was lost. */
static void test_conn_with_a_change_that_was_lost(void **state)
{
	struct scene *s = *state;
	struct tcp_event e;

	scene_connect(s, 1, 4000);
	scene_wait_ms(s, 5);
	e = change_of(s, 1, 4000, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK);
	assert_false(e.has_spent);
	scene_wait_ms(s, 3);
	e = change_of(s, 1, 4000, TCP_STATE_LAST_ACK, TCP_STATE_CLOSE);
	assert_true(e.has_spent);
	assert_int_equal(e.spent_ns, 3 * MS);
}

static void test_conn_open_before_and_after(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.state = TCP_STATE_ESTABLISHED,
					.lport = 4000,
					.rport = 80,
					.cookie = 7,
					.holder = CLIENT,
					.holders = 1});
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.state = TCP_STATE_ESTABLISHED,
					.lport = 4001,
					.rport = 80,
					.cookie = 8,
					.holder = CLIENT,
					.holders = 1});
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.state = TCP_STATE_ESTABLISHED,
					.lport = 4002,
					.rport = 80,
					.cookie = 9});
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.listing = SOCKET_DUMP_START_DONE});
	/* One of them ends; the event brings the socket id that the table has not. */
	scene_wait_ms(s, 4);
	scene_change(s, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
	scene_change(s, 1, 4000, 80, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, WORKER);
	scene_change(s, 1, 4000, 80, TCP_STATE_LAST_ACK, TCP_STATE_CLOSE, 0);
	scene_destroy(s, 1, 7);
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_FINAL,
					.state = TCP_STATE_CLOSE,
					.lport = 4000,
					.rport = 80,
					.cookie = 7,
					.acked = 11,
					.received = 21,
					.sent = 10});
	scene_wait_ms(s, 4);
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.listing = SOCKET_DUMP_END,
					.state = TCP_STATE_ESTABLISHED,
					.lport = 4001,
					.rport = 80,
					.cookie = 8,
					.holder = WORKER,
					.holders = 1,
					.acked = 6,
					.received = 3,
					.sent = 5});
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.listing = SOCKET_DUMP_END_DONE});
	scene_finish(s, "10.0.0.1:4000 10.0.0.2:80 before remote-fin tx=10 rx=20 close:300\n"
			"10.0.0.1:4002 10.0.0.2:80 before unseen\n"
			"10.0.0.1:4001 10.0.0.2:80 before open tx=5 rx=3 table:300\n");
}

static void test_conn_same_endpoints_twice(void **state)
{
	struct scene *s = *state;

	/* Two containers with the same addresses: only a cookie can tell. */
	scene_expect_diag(s);
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.state = TCP_STATE_ESTABLISHED,
					.lport = 4000,
					.rport = 80,
					.cookie = 7,
					.holder = CLIENT,
					.holders = 1});
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.state = TCP_STATE_ESTABLISHED,
					.lport = 4000,
					.rport = 80,
					.cookie = 8,
					.holder = WORKER,
					.holders = 1});
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.listing = SOCKET_DUMP_START_DONE});
	scene_change(s, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
	scene_change(s, 1, 4000, 80, TCP_STATE_CLOSE_WAIT, TCP_STATE_CLOSE, 0);
	scene_destroy(s, 1, 8);
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_FINAL,
					.state = TCP_STATE_CLOSE,
					.lport = 4000,
					.rport = 80,
					.cookie = 8,
					.acked = 1,
					.received = 1});
	scene_finish(s, "10.0.0.1:4000 10.0.0.2:80 before aborted tx=0 rx=0 table:300\n"
			"10.0.0.1:4000 10.0.0.2:80 before open table:100\n");
}

static void test_conn_address_is_used_again(void **state)
{
	struct scene *s = *state;

	tracker_expect(s->tracker, TCP_KIND_BIT(TCP_KIND_DESTROY));
	for (uint16_t i = 0; i < 3; i++) {
		if (i == 1)
			assert_int_equal(tracker_loss(s->tracker, s->now, s->now + 1), 0);
		scene_connect(s, 1, 4000 + i);
		scene_wait_ms(s, 1);
		scene_change(s, 1, 4000 + i, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
		if (i == 0)
			continue; /* its CLOSE was lost */
		scene_change(s, 1, 4000 + i, 80, TCP_STATE_LAST_ACK, TCP_STATE_CLOSE, 0);
		if (i == 1)
			scene_destroy(s, 1, 0);
	}
	scene_finish(s, "10.0.0.1:4000 10.0.0.2:80 connect unseen 3ms connect:100 loss\n"
			"10.0.0.1:4001 10.0.0.2:80 connect remote-fin 3ms connect:100 loss\n"
			"10.0.0.1:4002 10.0.0.2:80 connect remote-fin 3ms connect:100\n");
}

static void test_conn_half_open(void **state)
{
	struct scene *s = *state;

	tracker_expect(s->tracker, TCP_KIND_BIT(TCP_KIND_DESTROY));
	scene_change(s, 9, 80, 0, TCP_STATE_CLOSE, TCP_STATE_LISTEN, SERVER);
	scene_plain(s, TCP_KIND_RETRANSMIT_SYNACK, 9, 80, 4000);
	scene_plain(s, TCP_KIND_RETRANSMIT_SYNACK, 9, 80, 4001);
	scene_plain(s, TCP_KIND_RETRANSMIT_SYNACK, 9, 80, 4000);
	scene_change(s, 2, 80, 4000, TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, 0);
	scene_change(s, 2, 80, 4000, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED, 0);
	scene_finish(s, "10.0.0.1:80 10.0.0.2:4001 half-open unseen listener:200 retrans=1\n"
			"10.0.0.1:80 -:- listen open 0ms connect:200\n"
			"10.0.0.1:80 10.0.0.2:4000 accept open 0ms listener:200 retrans=2\n");
}

static void test_conn_last_word_without_events(void **state)
{
	struct scene *s = *state;

	/* CLOSE and tcp_destroy_sock were never delivered; the table at the end lacks it. */
	scene_expect_diag(s);
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.listing = SOCKET_DUMP_START_DONE});
	scene_connect(s, 1, 4000);
	scene_wait_ms(s, 6);
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_FINAL,
					.state = TCP_STATE_CLOSE,
					.lport = 4000,
					.rport = 80,
					.cookie = 7,
					.acked = 6,
					.received = 3,
					.sent = 5});
	scene_wait_ms(s, 6);
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.listing = SOCKET_DUMP_END,
					.state = TCP_STATE_LISTEN,
					.lport = 22,
					.cookie = 1});
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.listing = SOCKET_DUMP_END_DONE});
	scene_finish(s, "10.0.0.1:4000 10.0.0.2:80 connect unseen 8ms tx=5 rx=3 connect:100\n"
			"10.0.0.1:22 -:- listen open\n");
}

static void syn_sent_row(struct scene *s, uint16_t lport, uint16_t rport, uint64_t cookie)
{
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.listing = SOCKET_DUMP_END,
					.state = TCP_STATE_SYN_SENT,
					.lport = lport,
					.rport = rport,
					.cookie = cookie,
					.holder = CLIENT,
					.holders = 1});
}

/* The event of an attempt has no local port. The table at the end gives it one, unless several
 * attempts may have it. */
static void test_conn_ports_of_attempts(void **state)
{
	struct scene *s = *state;

	scene_expect_diag(s);
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.listing = SOCKET_DUMP_START_DONE});
	scene_change(s, 1, 0, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	scene_change(s, 2, 0, 81, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	scene_change(s, 3, 0, 81, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	scene_change(s, 4, 0, 81, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, WORKER);
	scene_wait_ms(s, 4);
	syn_sent_row(s, 4003, 81, 3);
	syn_sent_row(s, 4002, 81, 2);
	syn_sent_row(s, 4001, 80, 1);
	scene_diag(s, (struct diag_row){.kind = TCP_KIND_SOCKET_DUMPED,
					.listing = SOCKET_DUMP_END_DONE});
	scene_finish(s, "10.0.0.1:- 10.0.0.2:81 connect unseen 0ms connect:300\n"
			"10.0.0.1:4001 10.0.0.2:80 connect open 4ms tx=0 rx=0 connect:100\n"
			"10.0.0.1:- 10.0.0.2:81 connect open 4ms connect:100\n"
			"10.0.0.1:- 10.0.0.2:81 connect open 4ms connect:100\n");
}

static void test_conn_timeouts(void **state)
{
	struct scene *s = *state;
	const struct {
		unsigned int after_ms;
		uint32_t rto_us, old_rto_us;
	} syns[] = {{1000, 1000000, 0}, {2000, 2000000, 1000000}, {4000, 4000000, 2000000}};

	scene_change(s, 1, 4000, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	for (size_t i = 0; i < 3; i++) {
		struct tcp_event e = scene_event(TCP_KIND_RETRANSMIT, 1, 4000, 80);

		e.state = TCP_STATE_SYN_SENT;
		e.present |= TCP_FIELD_BIT(TCP_FIELD_STATE);
		e.chain = (struct tcp_chain_cause){TCP_CAUSE_RTO, TCP_TRIGGER_TIMER};
		scene_wait_ms(s, syns[i].after_ms);
		scene_feed(s, &e);
		assert_int_equal(e.rto_us, syns[i].rto_us);
		assert_int_equal(e.old_rto_us, syns[i].old_rto_us);
		assert_int_equal(tcp_conn_cold(e.conn)->n_timeouts, i + 1);
	}
}

#define CONN_TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONN_TEST(test_conn_closed_here),
		CONN_TEST(test_conn_whose_chain_shows_no_fin),
		CONN_TEST(test_conn_whose_chain_is_cut),
		CONN_TEST(test_conn_closed_there),
		CONN_TEST(test_conn_resets_and_errors),
		CONN_TEST(test_conn_with_an_error_of_before),
		CONN_TEST(test_conn_that_lives_on_in_fin_wait2),
		CONN_TEST(test_conn_with_a_change_that_was_lost),
		CONN_TEST(test_conn_open_before_and_after),
		CONN_TEST(test_conn_same_endpoints_twice),
		CONN_TEST(test_conn_ports_of_attempts),
		CONN_TEST(test_conn_address_is_used_again),
		CONN_TEST(test_conn_half_open),
		CONN_TEST(test_conn_last_word_without_events),
		CONN_TEST(test_conn_timeouts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
