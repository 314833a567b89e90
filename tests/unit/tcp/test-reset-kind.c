// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "tcp/conn.h"
#include "tcp/names.h"
#include "tcp/reset-kind.h"

static struct tcp_event reset(enum tcp_kind kind, int state)
{
	struct tcp_event e = {.kind = kind, .state = state};

	e.present = state ? TCP_FIELD_BIT(TCP_FIELD_STATE) : 0;
	return e;
}

static void test_resets_sent_by_state(void **state)
{
	static const struct {
		int state;
		enum reset_kind kind;
	} cases[] = {
		{TCP_STATE_NONE, RESET_NO_SOCKET},
		{TCP_STATE_LISTEN, RESET_LISTENER},
		{TCP_STATE_SYN_SENT, RESET_HANDSHAKE},
		{TCP_STATE_SYN_RECV, RESET_HANDSHAKE},
		{TCP_STATE_NEW_SYN_RECV, RESET_HANDSHAKE},
		{TCP_STATE_ESTABLISHED, RESET_INVALID},
		{TCP_STATE_CLOSE_WAIT, RESET_INVALID},
		{TCP_STATE_FIN_WAIT1, RESET_LATE_DATA},
		{TCP_STATE_FIN_WAIT2, RESET_LATE_DATA},
		{TCP_STATE_CLOSING, RESET_LATE_DATA},
		{TCP_STATE_LAST_ACK, RESET_LATE_DATA},
		/* It stands for FIN_WAIT2: a socket in TIME_WAIT proper sends no RST. */
		{TCP_STATE_TIME_WAIT, RESET_LATE_DATA},
		/* tcp_close and tcp_disconnect close the socket before they send. */
		{TCP_STATE_CLOSE, RESET_ABORT},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct tcp_event e = reset(TCP_KIND_SEND_RESET, cases[i].state);

		assert_int_equal(reset_kind_of(&e), cases[i].kind);
		/* The reason (include/net/rstreason.h) refines what the state says. */
		e.reason_name = "TCP_KEEPALIVE_TIMEOUT";
		assert_int_equal(reset_kind_of(&e), RESET_KEEPALIVE);
		e.reason_name = "NOT_SPECIFIED";
		assert_int_equal(reset_kind_of(&e), cases[i].kind);
	}
}

struct reason_case {
	int state, last_state;
	const char *reason;
	bool by_process;
	enum reset_kind kind;
};

static void check_reasons(const struct reason_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct tcp_conn c = {.last_state = (uint8_t)cases[i].last_state};
		struct tcp_event e = reset(TCP_KIND_SEND_RESET, cases[i].state);

		e.conn = &c;
		e.reason_name = cases[i].reason;
		e.cpu_tid = 100;
		e.common_flags = cases[i].by_process ? 0 : 0x10;
		if (reset_kind_of(&e) != cases[i].kind)
			fail_msg("case %zu: %s", i, reset_kind_name(reset_kind_of(&e)));
	}
}

/* The reasons that kernels from 6.10 on give (include/net/rstreason.h). */
static void test_resets_sent_by_reason(void **state)
{
	static const struct reason_case cases[] = {
		/* tcp_abort, the call behind ss -K, in each state in which it sends a RST. */
		{TCP_STATE_ESTABLISHED, 0, "TCP_STATE", true, RESET_DESTROYED},
		{TCP_STATE_SYN_RECV, 0, "TCP_STATE", true, RESET_DESTROYED},
		{TCP_STATE_FIN_WAIT1, 0, "TCP_STATE", true, RESET_DESTROYED},
		{TCP_STATE_FIN_WAIT2, 0, "TCP_STATE", true, RESET_DESTROYED},
		{TCP_STATE_CLOSE_WAIT, 0, "TCP_STATE", true, RESET_DESTROYED},
		{TCP_STATE_ESTABLISHED, 0, "TCP_STATE", false, RESET_INVALID},
		{TCP_STATE_ESTABLISHED, 0, "TCP_INVALID_SYN", true, RESET_INVALID},
		/* A segment in SYN_RECV; a timer in FIN_WAIT2. */
		{TCP_STATE_SYN_RECV, 0, "TCP_OLD_ACK", false, RESET_HANDSHAKE},
		{TCP_STATE_FIN_WAIT2, 0, "TCP_STATE", false, RESET_ABORT},
		/* After CLOSE: data that comes too late, and the ways to close. */
		{TCP_STATE_CLOSE, TCP_STATE_FIN_WAIT2, "TCP_ABORT_ON_DATA", false, RESET_LATE_DATA},
		{TCP_STATE_CLOSE, TCP_STATE_FIN_WAIT1, "TCP_ABORT_ON_DATA", true, RESET_LATE_DATA},
		{TCP_STATE_CLOSE, TCP_STATE_ESTABLISHED, "TCP_ABORT_ON_CLOSE", true, RESET_ABORT},
		{TCP_STATE_CLOSE, TCP_STATE_FIN_WAIT1, "TCP_STATE", true, RESET_ABORT},
		{TCP_STATE_CLOSE, TCP_STATE_FIN_WAIT1, "TCP_ABORT_ON_MEMORY", false, RESET_MEMORY},
		{TCP_STATE_FIN_WAIT1, 0, "TCP_ABORT_ON_MEMORY", false, RESET_MEMORY},
		{TCP_STATE_ESTABLISHED, 0, "MPTCP_RST_EMPTCP", true, RESET_MPTCP},
		/* A listener whose queue is full, and one that gets a stray segment. */
		{TCP_STATE_LISTEN, 0, "INVALID_SYN", false, RESET_OVERFLOW},
		{TCP_STATE_LISTEN, 0, "TCP_FLAGS", false, RESET_LISTENER},
	};

	check_reasons(cases, ARRAY_SIZE(cases));
}

/* Older kernels: the state, and who was on the CPU. */
static void test_resets_sent_without_a_reason(void **state)
{
	static const struct reason_case cases[] = {
		{TCP_STATE_ESTABLISHED, 0, NULL, true, RESET_DESTROYED},
		{TCP_STATE_ESTABLISHED, 0, NULL, false, RESET_INVALID},
		{TCP_STATE_CLOSE, TCP_STATE_FIN_WAIT1, NULL, false, RESET_LATE_DATA},
		{TCP_STATE_CLOSE, TCP_STATE_FIN_WAIT2, "NOT_SPECIFIED", false, RESET_LATE_DATA},
		{TCP_STATE_CLOSE, TCP_STATE_FIN_WAIT2, NULL, true, RESET_ABORT},
		{TCP_STATE_CLOSE, TCP_STATE_ESTABLISHED, NULL, true, RESET_ABORT},
		{TCP_STATE_CLOSE, TCP_STATE_CLOSE_WAIT, NULL, false, RESET_ABORT},
		{TCP_STATE_LISTEN, 0, NULL, false, RESET_LISTENER},
	};

	check_reasons(cases, ARRAY_SIZE(cases));
}

static void test_resets_of_connections_that_nobody_accepted(void **state)
{
	struct tcp_conn c = {.last_state = TCP_STATE_ESTABLISHED, .is_unaccepted = true};
	struct tcp_event e = reset(TCP_KIND_SEND_RESET, TCP_STATE_CLOSE);

	e.conn = &c;
	assert_int_equal(reset_kind_of(&e), RESET_UNACCEPTED);
	assert_int_equal(reset_state_of(&e), TCP_STATE_ESTABLISHED);
}

/* The error of the socket comes after the RST, and decides what the RST alone does not. */
static void test_resets_at_the_end_of_the_connection(void **state)
{
	struct tcp_conn_cold cold = {.err = ECONNABORTED};
	struct tcp_conn_info info = {.has_unacked = true, .unacked_bytes = 1};
	struct tcp_conn c = {.cold = &cold};

	assert_int_equal(reset_kind_at_end(RESET_INVALID, &c), RESET_DESTROYED);
	assert_int_equal(reset_kind_at_end(RESET_LATE_DATA, &c), RESET_DESTROYED);
	assert_int_equal(reset_kind_at_end(RESET_ABORT, &c), RESET_ABORT);
	cold.err = ETIMEDOUT;
	assert_int_equal(reset_kind_at_end(RESET_INVALID, &c), RESET_KEEPALIVE);
	assert_int_equal(reset_kind_at_end(RESET_LATE_DATA, &c), RESET_LATE_DATA);
	assert_int_equal(reset_kind_at_end(RESET_LATE, &c), RESET_LATE);
	c.tcp_info = &info;
	assert_int_equal(reset_kind_at_end(RESET_LATE, &c), RESET_AFTER_FIN);
	info.unacked_bytes = 0;
	assert_int_equal(reset_kind_at_end(RESET_LATE, &c), RESET_LATE);
}

static void test_resets_that_a_program_asks_for(void **state)
{
	assert_true(reset_is_asked("TCP_STATE"));
	assert_true(reset_is_asked("TCP_ABORT_ON_LINGER"));
	assert_false(reset_is_asked("TCP_ABORT_ON_CLOSE"));
	assert_false(reset_is_asked(NULL));
}

/* tcp_rcv_state_process calls tcp_reset for data that comes after close(), and then sends a RST. */
static void test_resets_that_undo_a_received_one(void **state)
{
	struct tcp_conn_cold cold = {.n_resets_received = 1};
	struct tcp_conn c = {.cold = &cold, .last_state = TCP_STATE_FIN_WAIT2};
	struct tcp_event e = reset(TCP_KIND_SEND_RESET, TCP_STATE_CLOSE);

	cold.reset = (struct tcp_conn_reset){.ts_ns = 1000, .state = TCP_STATE_FIN_WAIT2};
	e.conn = &c;
	e.ts_ns = 2000;
	assert_true(reset_undoes_received(&e));
	e.reason_name = "TCP_ABORT_ON_DATA";
	assert_true(reset_undoes_received(&e));
	e.reason_name = "TCP_ABORT_ON_CLOSE";
	assert_false(reset_undoes_received(&e));
	e.reason_name = NULL;
	e.ts_ns = 1001000;
	assert_false(reset_undoes_received(&e));
	e.ts_ns = 2000;
	cold.reset.state = TCP_STATE_ESTABLISHED;
	assert_false(reset_undoes_received(&e));
}

/* The event of a RST that was received has no state: it is that of its connection. */
static void test_resets_received_by_state(void **state)
{
	static const struct {
		uint8_t state;
		enum reset_kind kind;
	} cases[] = {
		{TCP_STATE_SYN_SENT, RESET_REFUSED},	  {TCP_STATE_SYN_RECV, RESET_HANDSHAKE},
		{TCP_STATE_ESTABLISHED, RESET_MIDSTREAM}, {TCP_STATE_FIN_WAIT1, RESET_AFTER_FIN},
		{TCP_STATE_FIN_WAIT2, RESET_AFTER_FIN},	  {TCP_STATE_CLOSE_WAIT, RESET_AFTER_FIN},
		{TCP_STATE_CLOSING, RESET_LATE},	  {TCP_STATE_LAST_ACK, RESET_LATE},
	};
	struct tcp_event e = reset(TCP_KIND_RECEIVE_RESET, TCP_STATE_ESTABLISHED);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct tcp_conn c = {.state = cases[i].state};

		e.conn = &c;
		assert_int_equal(reset_kind_of(&e), cases[i].kind);
		assert_int_equal(reset_state_of(&e), cases[i].state);
	}
	e.conn = NULL;
	assert_int_equal(reset_state_of(&e), TCP_STATE_NONE);
	assert_int_equal(reset_kind_of(&e), RESET_MIDSTREAM);
}

/* Before 4.20 tcp_send_reset has no state. */
static void test_resets_without_a_state(void **state)
{
	struct tcp_conn c = {.state = TCP_STATE_FIN_WAIT2};
	struct tcp_event e = reset(TCP_KIND_SEND_RESET, 0);

	e.conn = &c;
	assert_int_equal(reset_kind_of(&e), RESET_NO_SOCKET);
	e.sk = 1;
	e.present = TCP_FIELD_BIT(TCP_FIELD_SK);
	assert_int_equal(reset_kind_of(&e), RESET_LATE_DATA);
}

static void test_resets_have_words(void **state)
{
	for (int i = 0; i < RESET_KINDS; i++)
		assert_non_null(reset_kind_name((enum reset_kind)i));
	assert_null(reset_kind_name(RESET_KINDS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_resets_sent_by_state),
		cmocka_unit_test(test_resets_sent_by_reason),
		cmocka_unit_test(test_resets_sent_without_a_reason),
		cmocka_unit_test(test_resets_of_connections_that_nobody_accepted),
		cmocka_unit_test(test_resets_at_the_end_of_the_connection),
		cmocka_unit_test(test_resets_that_a_program_asks_for),
		cmocka_unit_test(test_resets_that_undo_a_received_one),
		cmocka_unit_test(test_resets_received_by_state),
		cmocka_unit_test(test_resets_without_a_state),
		cmocka_unit_test(test_resets_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
