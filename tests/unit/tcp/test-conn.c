// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tcp/conn.h"
#include "tcp/names.h"

/* Which number of bytes a connection has, and from where. */
static void test_bytes_of_a_connection(void **state)
{
	struct tcp_conn_info info = {.tx_bytes = 5, .rx_bytes = 6, .has_bytes = true};
	struct tcp_conn c = {.ending = TCP_ENDING_LOCAL_FIN, .io_tx = 1, .io_rx = 2};
	uint64_t tx, rx;

	assert_int_equal(tcp_conn_bytes(&c, &tx, &rx), TCP_BYTES_UNKNOWN);
	/* Calls count if the tape saw the whole life, and no event was lost. */
	c.has_io = true;
	assert_int_equal(tcp_conn_bytes(&c, &tx, &rx), TCP_BYTES_UNKNOWN);
	c.is_born = true;
	assert_int_equal(tcp_conn_bytes(&c, &tx, &rx), TCP_BYTES_IO);
	assert_int_equal(tx, 1);
	assert_int_equal(rx, 2);
	c.has_loss = true;
	assert_int_equal(tcp_conn_bytes(&c, &tx, &rx), TCP_BYTES_UNKNOWN);
	c.has_loss = c.is_born = false;
	c.has_base = true;
	assert_int_equal(tcp_conn_bytes(&c, &tx, &rx), TCP_BYTES_IO);
	/* An earlier tcp_info says nothing of a connection that went on after it. */
	c.tcp_info = &info;
	assert_int_equal(tcp_conn_bytes(&c, &tx, &rx), TCP_BYTES_IO);
	c.has_final = true;
	assert_int_equal(tcp_conn_bytes(&c, &tx, &rx), TCP_BYTES_TCP_INFO);
	assert_int_equal(tx, 5);
	assert_int_equal(rx, 6);
	/* The kernel's figures of the other end are whole; calls may not be. */
	info.is_far = info.is_cleared = true;
	assert_int_equal(tcp_conn_bytes(&c, &tx, &rx), TCP_BYTES_PEER);
	assert_int_equal(tx, 5);
	info.has_bytes = false;
	assert_int_equal(tcp_conn_bytes(&c, &tx, &rx), TCP_BYTES_IO);
	info = (struct tcp_conn_info){.tx_bytes = 5, .rx_bytes = 6, .has_bytes = true};
	c.has_final = false;
	c.ending = TCP_ENDING_OPEN;
	assert_int_equal(tcp_conn_bytes(&c, &tx, &rx), TCP_BYTES_TCP_INFO);
}

/* How many segments were retransmitted while recorded. */
static void test_segments_of_a_connection(void **state)
{
	struct tcp_conn_info info = {.total_retrans = 546, .base_retrans = 46};
	struct tcp_conn c = {.is_born = true, .tcp_info = &info};
	uint32_t segs;

	assert_false(tcp_conn_retrans_segs(&c, &segs));
	info.has_total_retrans = true;
	assert_true(tcp_conn_retrans_segs(&c, &segs));
	assert_int_equal(segs, 500);
	c.is_born = false;
	assert_false(tcp_conn_retrans_segs(&c, &segs));
	c.origin = TCP_ORIGIN_TABLE;
	assert_true(tcp_conn_retrans_segs(&c, &segs));
	info.base_retrans = 600;
	assert_true(tcp_conn_retrans_segs(&c, &segs));
	assert_int_equal(segs, 0);
}

static void test_phases_and_what_they_mean(void **state)
{
	static const struct {
		enum conn_phase phase;
		bool is_closed, is_emitted, is_gone;
	} cases[] = {
		{CONN_ALIVE, false, false, false},   {CONN_MUTE, false, true, false},
		{CONN_EMITTED, true, true, false},   {CONN_CLOSED, true, false, false},
		{CONN_DESTROYED, true, false, true}, {CONN_COMPLETE, true, false, true},
		{CONN_UNMATCHED, true, false, true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct tcp_conn c = {.phase = (uint8_t)cases[i].phase};

		assert_int_equal(tcp_conn_is_closed(&c), cases[i].is_closed);
		assert_int_equal(tcp_conn_is_emitted(&c), cases[i].is_emitted);
		assert_int_equal(tcp_conn_is_gone(&c), cases[i].is_gone);
	}
}

static void test_words_of_connections(void **state)
{
	assert_null(owner_basis_name(OWNER_NONE));
	assert_string_equal(owner_basis_name(OWNER_IO), "io");
	assert_null(owner_basis_name(OWNER_IO + 1));
	for (int i = 0; i <= TCP_ORIGIN_HALF_OPEN; i++)
		assert_non_null(tcp_origin_name((enum tcp_origin)i));
	for (int i = 0; i <= TCP_ENDING_UNSEEN; i++)
		assert_non_null(tcp_ending_name((enum tcp_ending)i));
	assert_null(tcp_ending_name(TCP_ENDING_UNSEEN + 1));
	assert_null(tcp_bytes_by_name(TCP_BYTES_UNKNOWN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_of_a_connection),
		cmocka_unit_test(test_segments_of_a_connection),
		cmocka_unit_test(test_phases_and_what_they_mean),
		cmocka_unit_test(test_words_of_connections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
