// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "tcp/conn-data.h"
#include "tcp/names.h"

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
	uint64_t tx, rx;

	f.present = TCP_INFO_BIT(TCP_INFO_BYTES_ACKED) | TCP_INFO_BIT(TCP_INFO_BYTES_RECEIVED);
	if (b->has_sent)
		f.present |=
			TCP_INFO_BIT(TCP_INFO_BYTES_SENT) | TCP_INFO_BIT(TCP_INFO_BYTES_RETRANS);
	f.values[TCP_INFO_BYTES_ACKED] = b->acked;
	f.values[TCP_INFO_BYTES_RECEIVED] = b->received;
	f.values[TCP_INFO_BYTES_SENT] = b->sent;
	f.values[TCP_INFO_BYTES_RETRANS] = b->retrans;
	assert_true(conn_data_of(&b->conn, &f, &tx, &rx));
	if (tx != b->tx || rx != b->rx)
		fail_msg("case %zu: tx=%llu rx=%llu", i, (unsigned long long)tx,
			 (unsigned long long)rx);
}

#define CLOSED(last) .state = TCP_STATE_CLOSE, .last_state = (last)

/* SYN and FIN take a sequence number each (RFC 9293, 3.4). */
static void test_conn_data_is_data_alone(void **state)
{
	static const uint8_t theirs = TCP_FIN_THEIRS, both = TCP_FIN_BOTH;
	const struct bytes cases[] = {
		/* Nothing closed. The SYN of an active open is in bytes_acked. */
		{{.is_client = true, .state = TCP_STATE_ESTABLISHED},
		 101,
		 200,
		 .tx = 100,
		 .rx = 200},
		{{.state = TCP_STATE_ESTABLISHED}, 100, 200, .tx = 100, .rx = 200},
		{{.is_client = true, .state = TCP_STATE_ESTABLISHED}, 0, 0, .tx = 0, .rx = 0},
		/* Our FIN was acknowledged. */
		{{.state = TCP_STATE_FIN_WAIT2}, 101, 200, .tx = 100, .rx = 200},
		{{CLOSED(TCP_STATE_LAST_ACK), .first_fin = theirs}, 101, 201, .tx = 100, .rx = 200},
		{{CLOSED(TCP_STATE_CLOSING), .first_fin = both}, 101, 201, .tx = 100, .rx = 200},
		/* bytes_sent, without repeats, is an upper bound. */
		{{.state = TCP_STATE_ESTABLISHED}, 101, 0, true, 130, 30, .tx = 100},
		{{.state = TCP_STATE_ESTABLISHED}, 90, 0, true, 130, 30, .tx = 90},
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
static void test_conn_data_after_an_error_has_no_acknowledged_fin(void **state)
{
	struct tcp_conn_cold reset = {.n_resets_received = 1}, error = {.err = ETIMEDOUT};
	const struct bytes cases[] = {
		{{CLOSED(TCP_STATE_LAST_ACK), .cold = &reset, .first_fin = TCP_FIN_THEIRS},
		 100,
		 1,
		 .tx = 100,
		 .rx = 0},
		{{CLOSED(TCP_STATE_LAST_ACK), .cold = &error, .first_fin = TCP_FIN_THEIRS},
		 100,
		 1,
		 .tx = 100,
		 .rx = 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_bytes(&cases[i], i);
}

/* Whether the SYN is in bytes_acked is not known of a connection that is older than the tape, until
 * all data is acknowledged. */
static void test_conn_data_learns_the_side(void **state)
{
	struct tcp_info_values f = {.present = TCP_INFO_BIT(TCP_INFO_BYTES_ACKED) |
					       TCP_INFO_BIT(TCP_INFO_BYTES_SENT) |
					       TCP_INFO_BIT(TCP_INFO_BYTES_RETRANS)};
	struct tcp_conn c = {.state = TCP_STATE_ESTABLISHED};

	f.values[TCP_INFO_BYTES_SENT] = 110;
	f.values[TCP_INFO_BYTES_RETRANS] = 10;
	f.values[TCP_INFO_BYTES_ACKED] = 91;
	conn_data_learn_side(&c, &f);
	assert_false(c.is_client);
	f.values[TCP_INFO_BYTES_ACKED] = 101;
	c.state = TCP_STATE_FIN_WAIT2; /* the FIN is acknowledged, not a SYN */
	conn_data_learn_side(&c, &f);
	assert_false(c.is_client);
	c.state = TCP_STATE_ESTABLISHED;
	conn_data_learn_side(&c, &f);
	assert_true(c.is_client);
	/* It stays what it is, though later data is under way. */
	f.values[TCP_INFO_BYTES_SENT] = 210;
	conn_data_learn_side(&c, &f);
	assert_true(c.is_client);
}

/* tcp_disconnect() clears all figures: those of a connection that carried data tell nothing. */
static void test_conn_data_of_cleared_figures(void **state)
{
	struct tcp_info_values f = {.present = TCP_INFO_BIT(TCP_INFO_BYTES_ACKED) |
					       TCP_INFO_BIT(TCP_INFO_BYTES_RECEIVED) |
					       TCP_INFO_BIT(TCP_INFO_SEGS_OUT) |
					       TCP_INFO_BIT(TCP_INFO_SEGS_IN)};
	struct tcp_conn c = {.is_born = true, .was_established = true};

	assert_true(tcp_info_is_cleared(&f));
	assert_true(conn_data_is_hidden(&c, &f));
	/* An attempt that was never established carried nothing. */
	c.was_established = false;
	assert_false(conn_data_is_hidden(&c, &f));
	/* But of one whose beginning was not seen, that is not known. */
	c.is_born = false;
	assert_true(conn_data_is_hidden(&c, &f));
	/* An accepted connection that did nothing has received one segment. */
	f.values[TCP_INFO_SEGS_IN] = 1;
	assert_false(tcp_info_is_cleared(&f));
	f.values[TCP_INFO_SEGS_IN] = 0;
	f.values[TCP_INFO_SEGS_OUT] = 1;
	assert_false(tcp_info_is_cleared(&f));
	f.present &= ~TCP_INFO_BIT(TCP_INFO_SEGS_OUT);
	assert_false(tcp_info_is_cleared(&f));
	assert_false(tcp_info_is_cleared(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conn_data_is_data_alone),
		cmocka_unit_test(test_conn_data_after_an_error_has_no_acknowledged_fin),
		cmocka_unit_test(test_conn_data_learns_the_side),
		cmocka_unit_test(test_conn_data_of_cleared_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
