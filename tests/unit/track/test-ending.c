// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "tcp/names.h"
#include "track/ending.h"

struct ended {
	int states[4]; /* that the connection was in; the last one is that before CLOSE */
	struct tcp_conn_cold cold;
	enum tcp_ending ending;
};

#define EST TCP_STATE_ESTABLISHED

static void test_ending_by_resets_errors_and_fins(void **state)
{
	static const struct ended cases[] = {
		/* A RST that was received counts more than the error it causes, and than our
		 * own. */
		{{EST}, {.n_resets_received = 1, .err = ETIMEDOUT}, TCP_ENDING_REMOTE_RESET},
		{{EST}, {.n_resets_received = 1, .n_resets_sent = 1}, TCP_ENDING_REMOTE_RESET},
		{{EST}, {.err = ETIMEDOUT, .n_resets_sent = 1}, TCP_ENDING_TIMEOUT},
		{{EST}, {.n_resets_sent = 1}, TCP_ENDING_LOCAL_RESET},
		/* The errors of tcp_reset. */
		{{EST}, {.err = ECONNRESET}, TCP_ENDING_REMOTE_RESET},
		{{TCP_STATE_SYN_SENT}, {.err = ECONNREFUSED}, TCP_ENDING_REMOTE_RESET},
		{{EST, TCP_STATE_CLOSE_WAIT}, {.err = EPIPE}, TCP_ENDING_REMOTE_RESET},
		{{TCP_STATE_SYN_SENT}, {.err = EHOSTUNREACH}, TCP_ENDING_ERROR},
		/* Who closed first. */
		{{EST, TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2}, {0}, TCP_ENDING_LOCAL_FIN},
		{{EST, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK}, {0}, TCP_ENDING_REMOTE_FIN},
		{{EST, TCP_STATE_FIN_WAIT1, TCP_STATE_CLOSING}, {0}, TCP_ENDING_BOTH_FIN},
		/* The peer closed, this host never did: its process left. */
		{{EST, TCP_STATE_CLOSE_WAIT}, {0}, TCP_ENDING_ABORTED},
		{{EST}, {0}, TCP_ENDING_ABORTED},
		/* An orphan whose FIN is not acknowledged (tcp_orphan_retries). */
		{{EST, TCP_STATE_FIN_WAIT1}, {.n_timeouts = 3}, TCP_ENDING_TIMEOUT},
		{{EST, TCP_STATE_FIN_WAIT1}, {0}, TCP_ENDING_ABORTED},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct tcp_conn_cold cold = cases[i].cold;
		struct tcp_conn c = {.cold = &cold};

		for (size_t k = 0; k < 4 && cases[i].states[k]; k++) {
			ending_note_state(&c, cases[i].states[k]);
			c.last_state = (uint8_t)cases[i].states[k];
		}
		ending_decide(&c);
		if (c.ending != cases[i].ending)
			fail_msg("case %zu: %s", i, tcp_ending_name(c.ending));
	}
}

static void test_ending_knows_what_was_established(void **state)
{
	static const int before[] = {TCP_STATE_SYN_SENT, TCP_STATE_SYN_RECV, TCP_STATE_LISTEN,
				     TCP_STATE_CLOSE};
	static const int after[] = {EST,
				    TCP_STATE_FIN_WAIT1,
				    TCP_STATE_FIN_WAIT2,
				    TCP_STATE_CLOSE_WAIT,
				    TCP_STATE_LAST_ACK,
				    TCP_STATE_CLOSING};

	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		struct tcp_conn c = {0};

		ending_note_state(&c, before[i]);
		assert_false(c.was_established);
	}
	for (size_t i = 0; i < ARRAY_SIZE(after); i++) {
		struct tcp_conn c = {0};

		ending_note_state(&c, after[i]);
		assert_true(c.was_established);
	}
}

/* What tcp_info says of a connection, and how much of that is data. */
struct bytes {
	struct tcp_conn conn;
	uint64_t acked, received;
	bool has_sent; /* 4.19 and later */
	uint64_t sent, retrans;
	uint64_t tx, rx;
};

static void check_bytes(const struct bytes *b, size_t i)
{
	struct tcp_info_values f = {0};
	struct tcp_conn_info info = {0};
	struct tcp_conn c = b->conn;
	struct conns conns;

	conns_init(&conns);
	c.tcp_info = &info;
	f.present = TCP_INFO_BIT(TCP_INFO_BYTES_ACKED) | TCP_INFO_BIT(TCP_INFO_BYTES_RECEIVED);
	if (b->has_sent)
		f.present |=
			TCP_INFO_BIT(TCP_INFO_BYTES_SENT) | TCP_INFO_BIT(TCP_INFO_BYTES_RETRANS);
	f.values[TCP_INFO_BYTES_ACKED] = b->acked;
	f.values[TCP_INFO_BYTES_RECEIVED] = b->received;
	f.values[TCP_INFO_BYTES_SENT] = b->sent;
	f.values[TCP_INFO_BYTES_RETRANS] = b->retrans;
	assert_int_equal(ending_take_tcp_info(&conns, &c, &f, true), 0);
	assert_true(info.has_bytes && c.has_final);
	if (info.tx_bytes != b->tx || info.rx_bytes != b->rx)
		fail_msg("case %zu: tx=%llu rx=%llu", i, (unsigned long long)info.tx_bytes,
			 (unsigned long long)info.rx_bytes);
	conns_done(&conns);
}

#define CLOSED(last) .state = TCP_STATE_CLOSE, .last_state = (last)

/* SYN and FIN take a sequence number each (RFC 9293, 3.4). */
static void test_ending_counts_data_alone(void **state)
{
	static const uint8_t theirs = 2, both = 3;
	const struct bytes cases[] = {
		/* Nothing closed. The SYN of an active open is in bytes_acked. */
		{{.is_client = true, .state = EST}, 101, 200, .tx = 100, .rx = 200},
		{{.state = EST}, 100, 200, .tx = 100, .rx = 200},
		{{.is_client = true, .state = EST}, 0, 0, .tx = 0, .rx = 0},
		/* Our FIN was acknowledged. */
		{{.state = TCP_STATE_FIN_WAIT2}, 101, 200, .tx = 100, .rx = 200},
		{{CLOSED(TCP_STATE_LAST_ACK), .first_fin = theirs}, 101, 201, .tx = 100, .rx = 200},
		{{CLOSED(TCP_STATE_CLOSING), .first_fin = both}, 101, 201, .tx = 100, .rx = 200},
		/* bytes_sent, without repeats, is an upper bound. */
		{{.state = EST}, 101, 0, true, 130, 30, .tx = 100},
		{{.state = EST}, 90, 0, true, 130, 30, .tx = 90},
		/* FIN_WAIT2 to CLOSE: the peer's FIN came, unless the socket became a TIME_WAIT one
		 * before; where the chain of CLOSE is known, it tells. */
		{{CLOSED(TCP_STATE_FIN_WAIT2)}, 101, 201, .tx = 100, .rx = 200},
		{{CLOSED(TCP_STATE_FIN_WAIT2), .is_early_time_wait = true},
		 101,
		 200,
		 .tx = 100,
		 .rx = 200},
		{{CLOSED(TCP_STATE_FIN_WAIT2), .knows_fin = true}, 101, 200, .tx = 100, .rx = 200},
		{{CLOSED(TCP_STATE_FIN_WAIT2), .knows_fin = true, .has_fin = true},
		 101,
		 201,
		 .tx = 100,
		 .rx = 200},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_bytes(&cases[i], i);
}

/* After a RST or an error nobody knows whether our FIN was acknowledged. */
static void test_ending_after_an_error_has_no_acknowledged_fin(void **state)
{
	struct tcp_conn_cold reset = {.n_resets_received = 1}, error = {.err = ETIMEDOUT};
	const struct bytes cases[] = {
		{{CLOSED(TCP_STATE_LAST_ACK), .cold = &reset, .first_fin = 2},
		 100,
		 1,
		 .tx = 100,
		 .rx = 0},
		{{CLOSED(TCP_STATE_LAST_ACK), .cold = &error, .first_fin = 2},
		 100,
		 1,
		 .tx = 100,
		 .rx = 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_bytes(&cases[i], i);
}

static void test_ending_leaves_out_what_was_never_measured(void **state)
{
	struct tcp_info_values f = {.present = TCP_INFO_BIT(TCP_INFO_RTT_US) |
					       TCP_INFO_BIT(TCP_INFO_MIN_RTT_US) |
					       TCP_INFO_BIT(TCP_INFO_RTO_US)};
	struct tcp_conn_info info = {0};
	struct tcp_conn c = {.tcp_info = &info};
	struct conns conns;

	conns_init(&conns);
	f.values[TCP_INFO_MIN_RTT_US] = UINT32_MAX; /* tcp_init_sock: no sample yet */
	assert_int_equal(ending_take_tcp_info(&conns, &c, &f, false), 0);
	assert_false(info.has_rtt || info.has_min_rtt || info.has_rto || info.has_bytes);
	assert_false(info.has_total_retrans || c.has_final);
	f.values[TCP_INFO_RTT_US] = 300;
	f.values[TCP_INFO_MIN_RTT_US] = 200;
	f.values[TCP_INFO_RTO_US] = 201000;
	assert_int_equal(ending_take_tcp_info(&conns, &c, &f, true), 0);
	assert_true(info.has_rtt && info.has_min_rtt && info.has_rto && c.has_final);
	assert_int_equal(info.min_rtt_us, 200);
	assert_int_equal(ending_take_tcp_info(&conns, &c, NULL, true), 0);
	conns_done(&conns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ending_by_resets_errors_and_fins),
		cmocka_unit_test(test_ending_knows_what_was_established),
		cmocka_unit_test(test_ending_counts_data_alone),
		cmocka_unit_test(test_ending_after_an_error_has_no_acknowledged_fin),
		cmocka_unit_test(test_ending_leaves_out_what_was_never_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
