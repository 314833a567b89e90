// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

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
		{TCP_STATE_TIME_WAIT, RESET_LATE},
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
		cmocka_unit_test(test_resets_received_by_state),
		cmocka_unit_test(test_resets_without_a_state),
		cmocka_unit_test(test_resets_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
