// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "script.h"
#include "tcp/names.h"

#define ENDS "local=10.0.0.1:4000 sign=R< remote=10.0.0.2:80 "

static void received(struct script *s, uint64_t after_ns, uint64_t sk, uint16_t lport)
{
	struct tcp_event e = script_event(TCP_KIND_RECEIVE_RESET, sk, lport, 80);

	script_feed(s, after_ns, &e);
}

/* tcp_reset closes the socket after the event, so the state is that before. */
static void test_resets_waits_for_the_end_of_the_connection(void **state)
{
	struct script *s = script_new("resets", "", COLUMN_TEXT);

	script_connect(s, 1, 4000);
	received(s, 3 * MS, 1, 4000);
	script_change(s, 0, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, 0);
	script_tick(s, 5000 * MS);
	script_expect(s, "");
	/* close() of the process, whom nobody knew before. */
	script_destroy(s, 0, 1);
	script_tick(s, 0);
	script_expect(s,
		      "time=1005000us pid=100 " ENDS "age=5.00 state=ESTABLISHED kind=midstream\n");
	script_free(s);
}

/* tcp_close sends the RST after it has closed the socket: the state is the one before. */
static void test_resets_of_a_socket_that_was_closed_before(void **state)
{
	struct script *s = script_new("resets", "", COLUMN_TEXT);
	struct tcp_event e = script_event(TCP_KIND_SEND_RESET, 1, 4000, 80);

	script_connect(s, 1, 4000);
	script_change(s, 1 * MS, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, CLIENT);
	e.state = TCP_STATE_CLOSE;
	script_set(&e, TCP_FIELD_STATE);
	script_feed(s, 0, &e);
	script_end(s);
	script_expect(s, "time=1003000us pid=100 local=10.0.0.1:4000 sign=R> "
			 "remote=10.0.0.2:80 age=3.00 state=ESTABLISHED kind=abort\n");
	script_free(s);
}

/* A RST in SYN_SENT is older than all that its connection does later. */
static void test_resets_in_syn_sent_have_no_later_figures(void **state)
{
	struct script *s = script_new("resets", "wide", COLUMN_TEXT);
	struct tcp_event e = script_event(TCP_KIND_SEND_RESET, 1, 4000, 80);
	struct tcp_event again = script_event(TCP_KIND_RETRANSMIT, 1, 4000, 80);

	script_change(s, 0, 1, 0, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	e.state = TCP_STATE_SYN_SENT;
	script_set(&e, TCP_FIELD_STATE);
	script_feed(s, 1 * MS, &e);
	script_change(s, 1 * MS, 1, 4000, 80, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 0);
	script_feed(s, 1 * MS, &again);
	script_end(s);
	script_expect(s, "time=1001000us pid=100 comm=curl local=10.0.0.1:4000 sign=R> "
			 "remote=10.0.0.2:80 age=1.00 state=SYN_SENT kind=handshake\n");
	script_free(s);
}

/* Rows keep the order of time: a row that is complete waits for the one before it. */
static void test_resets_keep_their_order(void **state)
{
	struct script *s = script_new("resets", "", COLUMN_TEXT);
	struct tcp_event none = script_event(TCP_KIND_SEND_RESET, 0, 81, 5000);

	script_connect(s, 1, 4000);
	received(s, 0, 1, 4000);
	script_feed(s, 1 * MS, &none);
	script_expect(s, "");
	script_end(s);
	script_expect(s,
		      "time=1002000us pid=100 " ENDS "age=2.00 state=ESTABLISHED kind=midstream\n"
		      "time=1003000us local=10.0.0.1:81 sign=R> remote=10.0.0.2:5000 "
		      "kind=no-socket\n");
	script_free(s);
}

static void test_resets_wait_200_ms_on_a_stream(void **state)
{
	struct script *s = script_new("resets", "", COLUMN_TEXT);

	s->context.is_live = true;
	script_connect(s, 1, 4000);
	received(s, 0, 1, 4000);
	script_tick(s, 200 * MS);
	script_expect(s, "");
	script_tick(s, 1 * MS);
	script_expect(s,
		      "time=1002000us pid=100 " ENDS "age=2.00 state=ESTABLISHED kind=midstream\n");
	script_free(s);
}

/* A RST after both sides have closed loses nothing: it is left out, and counted. */
static void test_resets_leaves_late_ones_out(void **state)
{
	for (int all = 0; all < 2; all++) {
		struct script *s = script_new("resets", all ? "all-kinds" : "", COLUMN_TEXT);

		script_connect(s, 1, 4000);
		script_change(s, 0, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
		script_change(s, 0, 1, 4000, 80, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, CLIENT);
		received(s, 0, 1, 4000);
		script_end(s);
		script_expect(s, all ? "time=1002000us pid=100 " ENDS
				       "age=2.00 state=LAST_ACK kind=late\n"
				     : "# 1 reset after both sides had closed not shown (-a shows "
				       "them)\n");
		script_free(s);
	}
}

/* The filter and the owner are those of the end: what is learned late counts. */
static void test_resets_filter_by_the_owner_of_the_end(void **state)
{
	static const char *worker[] = {"worker"};
	struct script *s = script_new("resets", "", COLUMN_TEXT);

	s->filter.comms = (struct filter_names){worker, 1};
	script_connect(s, 1, 4000);
	script_connect(s, 2, 4001);
	received(s, 0, 1, 4000);
	received(s, 0, 2, 4001);
	script_change(s, 0, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, WORKER);
	script_change(s, 0, 2, 4001, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, CLIENT);
	script_end(s);
	script_expect(s,
		      "time=1004000us pid=300 " ENDS "age=4.00 state=ESTABLISHED kind=midstream\n");
	script_free(s);
}

/* The age of a connection that was open before is a lower bound; of a listener there is none. */
static void test_resets_ages(void **state)
{
	struct script *s = script_new("resets", "", COLUMN_JSON);
	struct tcp_event e = script_event(TCP_KIND_SEND_RESET, 9, 80, 5000);

	script_change(s, 0, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
	received(s, 3 * MS, 1, 4000);
	script_change(s, 0, 9, 80, 0, TCP_STATE_CLOSE, TCP_STATE_LISTEN, SERVER);
	e.state = TCP_STATE_LISTEN;
	script_set(&e, TCP_FIELD_STATE);
	script_feed(s, 0, &e);
	script_end(s);
	script_expect(s, "time=1003000us ts_ns=1003000000 event=tcp:tcp_receive_reset family=4 "
			 "laddr=10.0.0.1 lport=4000 raddr=10.0.0.2 rport=80 direction=received "
			 "state=CLOSE_WAIT retrans=0 kind=after-fin sk=0x1 observed_ns=3000000\n"
			 "time=1003000us ts_ns=1003000000 event=tcp:tcp_send_reset pid=200 "
			 "comm=nginx family=4 laddr=10.0.0.1 lport=80 raddr=10.0.0.2 rport=5000 "
			 "direction=sent state=LISTEN kind=listener owner=listener sk=0x9\n");
	script_free(s);
}

static void test_resets_counts(void **state)
{
	struct script *s = script_new("resets", "count", COLUMN_TEXT);

	for (uint16_t i = 0; i < 500; i++) {
		script_connect(s, i + 1u, 10000 + i);
		received(s, 0, i + 1u, 10000 + i);
	}
	for (uint16_t i = 0; i < 3; i++) {
		struct tcp_event e = script_event(TCP_KIND_SEND_RESET, 0, 81, 20000 + i);

		script_feed(s, 0, &e);
	}
	script_end(s);
	/* By the lower port, which is mostly that of the service. */
	script_expect(s, "count=500 sign=R< kind=midstream raddr=10.0.0.2 rport=80\n"
			 "count=3 sign=R> kind=no-socket lport=81 raddr=10.0.0.2\n");
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_resets_waits_for_the_end_of_the_connection),
		cmocka_unit_test(test_resets_of_a_socket_that_was_closed_before),
		cmocka_unit_test(test_resets_in_syn_sent_have_no_later_figures),
		cmocka_unit_test(test_resets_keep_their_order),
		cmocka_unit_test(test_resets_wait_200_ms_on_a_stream),
		cmocka_unit_test(test_resets_leaves_late_ones_out),
		cmocka_unit_test(test_resets_filter_by_the_owner_of_the_end),
		cmocka_unit_test(test_resets_ages),
		cmocka_unit_test(test_resets_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
