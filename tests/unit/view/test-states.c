// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "script.h"
#include "tcp/names.h"

#define ROW(port, change)                                                                          \
	"sk=0x1 pid=100 laddr=10.0.0.1 " port "raddr=10.0.0.2 rport=80 " change "\n"
#define LPORT "lport=4000 "
#define SYN   "oldstate=CLOSE arrow=-> newstate=SYN_SENT"
#define EST   "oldstate=SYN_SENT arrow=-> newstate=ESTABLISHED ms=2.000"

/* The port is chosen after the change to SYN_SENT (tcp_v4_connect): the row waits for it. */
static void test_states_waits_for_the_port(void **state)
{
	struct script *s = script_new("states", "", COLUMN_TEXT);

	script_change(s, 0, 1, 0, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	script_expect(s, "");
	script_change(s, 2 * MS, 1, 4000, 80, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 0);
	script_expect(s, ROW(LPORT, SYN) ROW(LPORT, EST));
	script_free(s);
}

/* Rows keep the order of time: what follows a row that waits, waits with it; but not for ever. */
static void test_states_waits_two_seconds(void **state)
{
	struct script *s = script_new("states", "", COLUMN_TEXT);

	script_change(s, 0, 1, 0, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	script_change(s, 1999 * MS, 2, 22, 5000, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
	script_expect(s, "");
	script_tick(s, 1 * MS);
	script_expect(s, ROW("", SYN) "sk=0x2 laddr=10.0.0.1 lport=22 raddr=10.0.0.2 rport=5000 "
				      "oldstate=ESTABLISHED arrow=-> newstate=CLOSE_WAIT\n");
	script_free(s);
}

static void test_states_waits_200_ms_on_a_stream(void **state)
{
	struct script *s = script_new("states", "", COLUMN_TEXT);

	s->context.is_live = true;
	script_change(s, 0, 1, 0, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	script_tick(s, 199 * MS);
	script_expect(s, "");
	script_tick(s, 1 * MS);
	script_expect(s, ROW("", SYN));
	script_free(s);
}

/* More rows than the queue holds: the first one is shown as it is. */
static void test_states_queue_is_bounded(void **state)
{
	struct script *s = script_new("states", "", COLUMN_TEXT);

	script_change(s, 0, 1, 0, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	for (uint32_t i = 0; i < 65534; i++)
		script_change(s, 0, 2, 22, 5000, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
	script_expect(s, "");
	script_change(s, 0, 2, 22, 5000, TCP_STATE_CLOSE_WAIT, TCP_STATE_CLOSE, 0);
	assert_memory_equal(text_cstr(&s->shown), ROW("", SYN), sizeof(ROW("", SYN)) - 1);
	script_free(s);
}

/* How long a state lasted is known only if it was seen to begin. */
static void test_states_time_is_absent_where_it_is_not_known(void **state)
{
	struct script *s = script_new("states", "", COLUMN_JSON);

	script_change(s, 0, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
	script_change(s, 3 * MS, 1, 4000, 80, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, CLIENT);
	/* A change in between was not seen. */
	script_change(s, 3 * MS, 1, 4000, 80, TCP_STATE_CLOSING, TCP_STATE_CLOSE, 0);
#define ENDS "family=4 laddr=10.0.0.1 lport=4000 raddr=10.0.0.2 rport=80 "
	script_expect(s, "time=1000000us ts_ns=1000000000 sk=0x1 " ENDS
			 "oldstate=ESTABLISHED newstate=CLOSE_WAIT\n"
			 "time=1003000us ts_ns=1003000000 sk=0x1 pid=100 comm=curl " ENDS
			 "oldstate=CLOSE_WAIT newstate=LAST_ACK duration_ns=3000000 owner=close\n"
			 "time=1006000us ts_ns=1006000000 sk=0x1 pid=100 comm=curl " ENDS
			 "oldstate=CLOSING newstate=CLOSE owner=close\n");
	script_free(s);
}

#define SOCKET "laddr=10.0.0.1 lport=4000 raddr=10.0.0.2 rport=80 "

/* A socket that its process has closed becomes a TIME_WAIT socket at once, and waits for the
 * peer's FIN as such; a later change from FIN_WAIT2 to CLOSE is the peer's FIN. */
static void test_states_fin_wait2_that_goes_on(void **state)
{
	for (unsigned int ms = 0; ms <= 1; ms++) {
		struct script *s = script_new("states", "", COLUMN_TEXT);

		script_change(s, 0, 1, 4000, 80, TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2, 0);
		text_clear(&s->shown);
		script_change(s, ms * MS, 1, 4000, 80, TCP_STATE_FIN_WAIT2, TCP_STATE_CLOSE, 0);
		script_expect(s, ms ? "sk=0x1 " SOCKET "oldstate=FIN_WAIT2 arrow=-> newstate=CLOSE "
				      "ms=1.000\n"
				    : "sk=0x1 " SOCKET
				      "oldstate=FIN_WAIT2 arrow=-> newstate=CLOSE\n");
		script_free(s);
	}
}

static void dumped_row(struct script *s, int state, uint16_t lport, bool has_info)
{
	static const struct tcp_info_values info;
	struct tcp_event e = script_event(TCP_KIND_SOCKET_DUMPED, 0, lport, lport ? 80 : 0);

	e.dump = lport ? SOCKET_DUMP_END : SOCKET_DUMP_END_DONE;
	e.state = state;
	e.tcp_info = has_info ? &info : NULL;
	script_set(&e, TCP_FIELD_STATE);
	script_feed(s, 5 * MS, &e);
}

static void leave_in_fin_wait2(struct script *s)
{
	script_change(s, 0, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, CLIENT);
	script_change(s, 0, 1, 4000, 80, TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2, 0);
	script_change(s, 0, 1, 4000, 80, TCP_STATE_FIN_WAIT2, TCP_STATE_CLOSE, 0);
}

/* What is left of such sockets is in the table at the end, and nowhere else. */
static void test_states_fin_wait2_at_the_end(void **state)
{
	struct script *s = script_new("states", "open", COLUMN_TEXT);

	leave_in_fin_wait2(s);
	script_destroy(s, 0, 1);
	text_clear(&s->shown);
	dumped_row(s, TCP_STATE_FIN_WAIT2, 4000, false);
	/* One from before the tape, and one that a process has. */
	dumped_row(s, TCP_STATE_FIN_WAIT2, 4001, false);
	dumped_row(s, TCP_STATE_FIN_WAIT2, 4002, true);
	dumped_row(s, TCP_STATE_TIME_WAIT, 4003, false);
	dumped_row(s, 0, 0, false);
	script_expect(s, "sk=0x1 pid=100 " SOCKET "oldstate=FIN_WAIT2 arrow=-> ms=5.000\n"
			 "laddr=10.0.0.1 lport=4001 raddr=10.0.0.2 rport=80 oldstate=FIN_WAIT2 "
			 "arrow=->\n");
	script_free(s);
	for (unsigned int has_table = 0; has_table <= 1; has_table++) {
		s = script_new("states", "count", COLUMN_JSON);
		leave_in_fin_wait2(s);
		if (has_table) {
			dumped_row(s, TCP_STATE_FIN_WAIT2, 4000, false);
			dumped_row(s, 0, 0, false);
		}
		script_end(s);
		assert_non_null(
			strstr(text_cstr(&s->shown), has_table ? "state=FIN_WAIT2 entered=1 open=1 "
							       : "state=FIN_WAIT2 entered=1\n"));
		script_free(s);
	}
}

/* SCTP and DCCP have states of their own in the same event (inet_sock_set_state). */
static void test_states_are_of_tcp(void **state)
{
	struct script *s = script_new("states", "", COLUMN_TEXT);
	struct tcp_event e = script_event(TCP_KIND_SET_STATE, 1, 4000, 80);

	e.oldstate = TCP_STATE_CLOSE;
	e.newstate = TCP_STATE_LISTEN;
	e.protocol = 132;
	script_set(&e, TCP_FIELD_PROTOCOL);
	script_feed(s, 0, &e);
	/* The main socket of an MPTCP connection: its subflows have these states, too. */
	e.protocol = TCP_PROTOCOL_MPTCP;
	script_feed(s, 0, &e);
	script_expect(s, "");
	script_free(s);
}

static void test_states_open_sockets_at_the_end(void **state)
{
	struct script *s = script_new("states", "", COLUMN_TEXT);

	script_connect(s, 1, 4000);
	text_clear(&s->shown);
	script_end(s);
	script_expect(s, "");
	script_free(s);
	s = script_new("states", "open", COLUMN_TEXT);

	script_connect(s, 1, 4000);
	script_tick(s, 5 * MS);
	script_expect(s, ROW(LPORT, SYN) ROW(LPORT, EST));
	script_end(s);
	script_expect(s, ROW(LPORT, "oldstate=ESTABLISHED arrow=-> ms=5.000"));
	script_free(s);
}

static void test_states_counts(void **state)
{
	struct script *s = script_new("states", "count", COLUMN_TEXT);

	script_connect(s, 1, 4000);
	script_connect(s, 2, 4001);
	script_change(s, 4 * MS, 2, 4001, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, CLIENT);
	script_destroy(s, 0, 2);
	script_end(s);
	script_expect(s, "state=ESTABLISHED entered=2 open=1 total_ms=10.00 mean_ms=5.00 "
			 "p50_ms=4.06 p99_ms=6.00 max_ms=6.00\n"
			 "state=SYN_SENT entered=2 open=0 total_ms=4.00 mean_ms=2.00 p50_ms=2.00 "
			 "p99_ms=2.00 max_ms=2.00\n"
			 "state=CLOSE entered=1 open=0\n");
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states_waits_for_the_port),
		cmocka_unit_test(test_states_waits_two_seconds),
		cmocka_unit_test(test_states_waits_200_ms_on_a_stream),
		cmocka_unit_test(test_states_queue_is_bounded),
		cmocka_unit_test(test_states_time_is_absent_where_it_is_not_known),
		cmocka_unit_test(test_states_fin_wait2_that_goes_on),
		cmocka_unit_test(test_states_fin_wait2_at_the_end),
		cmocka_unit_test(test_states_are_of_tcp),
		cmocka_unit_test(test_states_open_sockets_at_the_end),
		cmocka_unit_test(test_states_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
