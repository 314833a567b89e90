// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "script.h"
#include "tcp/names.h"

#define PEER "raddr=10.0.0.2 rport=80 "
#define ROW(time, laddr, rest)                                                                     \
	"time=" time "us pid=100 comm=curl family=4 laddr=10.0.0.1 " laddr PEER rest "\n"

static void syn_again(struct script *s, uint64_t after_ns, uint64_t sk, uint16_t lport)
{
	struct tcp_event e = script_event(TCP_KIND_RETRANSMIT, sk, lport, 80);

	e.state = TCP_STATE_SYN_SENT;
	script_set(&e, TCP_FIELD_STATE);
	e.chain = (struct tcp_chain_cause){TCP_CAUSE_RTO, TCP_TRIGGER_TIMER};
	script_feed(s, after_ns, &e);
}

/* An attempt that ends with this error; 0: its process closes it. */
static void fail_to_connect(struct script *s, uint64_t sk, uint16_t lport, int32_t err)
{
	script_change(s, 0, sk, lport, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	script_change(s, 3 * MS, sk, lport, 80, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, 0);
	if (err) {
		struct tcp_event e = script_event(TCP_KIND_ERROR_REPORT, 0, lport, 80);

		e.err = err;
		script_feed(s, 0, &e);
	}
	script_destroy(s, 0, sk);
	script_tick(s, 0);
}

/* The line of a success is shown at once, and not again when the connection ends. */
static void test_connects_shows_a_success_once(void **state)
{
	struct script *s = script_new("connects", "", COLUMN_TEXT);

	script_connect(s, 1, 4000);
	script_expect(s, ROW("1002000", "", "ms=2.00 syn_retrans=0 result=ok"));
	script_change(s, 1 * MS, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_ESTABLISHED, 0);
	script_change(s, 5 * MS, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, WORKER);
	script_destroy(s, 0, 1);
	script_end(s);
	script_expect(s, "");
	script_free(s);
}

static void test_connects_shows_failures_at_their_end(void **state)
{
	struct script *s = script_new("connects", "failed wide", COLUMN_TEXT);

	script_connect(s, 1, 4000);
	fail_to_connect(s, 2, 4001, ECONNREFUSED);
	fail_to_connect(s, 3, 4002, EHOSTUNREACH);
	fail_to_connect(s, 4, 4003, 0);
	/* Not over where the tape ends: it has not failed. */
	script_change(s, 0, 5, 4004, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	script_end(s);
#define FAIL(time, port, rest) ROW(time, "lport=" port " ", "ms=3.00 syn_retrans=0 result=" rest)
	script_expect(s, FAIL("1005000", "4001",
			      "refused err_name=ECONNREFUSED "
			      "why=no RST seen") FAIL("1008000", "4002",
						      "unreachable err_name=EHOSTUNREACH "
						      "why=ICMP error")
				 FAIL("1011000", "4003", "aborted"));
	script_free(s);
}

static void join(struct script *s, uint64_t sk, uint16_t lport, bool is_answered)
{
	static const char *const frames[] = {"tcp_v4_connect", "__mptcp_subflow_connect"};
	struct tcp_event e = script_event(TCP_KIND_SET_STATE, sk, lport, 80);

	e.oldstate = TCP_STATE_CLOSE;
	e.newstate = TCP_STATE_SYN_SENT;
	e.frames = frames;
	e.n_frames = 2;
	script_set(&e, TCP_FIELD_OLDSTATE);
	script_set(&e, TCP_FIELD_NEWSTATE);
	script_feed(s, 0, &e);
	if (!is_answered)
		syn_again(s, 0, sk, lport);
	script_change(s, 2 * MS, sk, lport, 80, TCP_STATE_SYN_SENT,
		      is_answered ? TCP_STATE_ESTABLISHED : TCP_STATE_CLOSE, 0);
	if (!is_answered)
		script_destroy(s, 0, sk);
	script_tick(s, 0);
}

/* No process has connected, and none has failed to. */
static void test_connects_tells_subflows_apart(void **state)
{
	struct script *s = script_new("connects", "", COLUMN_TEXT);

	join(s, 1, 4000, true);
	join(s, 2, 4001, false);
	script_end(s);
#define JOIN(time, rest) "time=" time "us family=4 laddr=10.0.0.1 " PEER "ms=2.00 syn_retrans=" rest
	script_expect(s, JOIN("1002000", "0 result=joined\n")
				 JOIN("1004000", "1 result=not-joined\n"));
	script_free(s);
	s = script_new("connects", "failed", COLUMN_TEXT);
	join(s, 1, 4000, true);
	join(s, 2, 4001, false);
	script_end(s);
	script_expect(s, "");
	script_free(s);
}

/* The process that called connect(), even where another one closed the socket. */
static void test_connects_names_the_opener(void **state)
{
	struct script *s = script_new("connects", "", COLUMN_JSON);

	script_change(s, 0, 1, 4000, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	syn_again(s, 1000 * MS, 1, 4000);
	script_change(s, 1 * MS, 1, 4000, 80, TCP_STATE_SYN_SENT, TCP_STATE_CLOSE, WORKER);
	script_destroy(s, 0, 1);
	script_end(s);
	script_expect(s, "time=2001000us ts_ns=2001000000 pid=100 comm=curl family=4 "
			 "laddr=10.0.0.1 lport=4000 " PEER "syn_retrans=1 result=aborted "
			 "duration_ns=1001000000 owner=connect sk=0x1 "
			 "why=closed by its process\n");
	script_free(s);
}

static void test_connects_of_at_least_some_time(void **state)
{
	struct script *s = script_new("connects", "min=3", COLUMN_TEXT);

	script_connect(s, 1, 4000);
	script_expect(s, "");
	script_change(s, 0, 2, 4001, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	script_change(s, 3 * MS, 2, 4001, 80, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 0);
	script_expect(s, ROW("1005000", "", "ms=3.00 syn_retrans=0 result=ok"));
	script_free(s);
}

static void test_connects_in_a_window(void **state)
{
	struct script *s = script_new("connects", "", COLUMN_TEXT);

	s->context.since_ns = 1003 * MS;
	s->context.until_ns = 1006 * MS;
	script_connect(s, 1, 4000);
	script_connect(s, 2, 4001);
	script_connect(s, 3, 4002);
	script_expect(s, ROW("1004000", "", "ms=2.00 syn_retrans=0 result=ok"));
	script_free(s);
}

/* Per destination, latencies, SYNs, and SYN-ACKs per listener, of which some never complete. */
static void test_connects_counts(void **state)
{
	struct script *s = script_new("connects", "count", COLUMN_TEXT);
	struct tcp_event synack = script_event(TCP_KIND_RETRANSMIT_SYNACK, 9, 443, 5000);

	script_connect(s, 1, 4000);
	script_change(s, 0, 2, 4001, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	syn_again(s, 1000 * MS, 2, 4001);
	script_change(s, 1 * MS, 2, 4001, 80, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 0);
	fail_to_connect(s, 3, 4002, ECONNREFUSED);
	script_feed(s, 0, &synack);
	script_feed(s, 0, &synack);
	script_end(s);
	script_expect(s, "remote=10.0.0.2:80 attempts=3 established=2 failed=1 refused=1 timeout=0 "
			 "syn_retrans=1 p50_ms=2.03 p99_ms=1001.00\n"
			 "remote=10.0.0.2:80 count=1 least_ms=3.00 greatest_ms=3.00 result=refused "
			 "err_name=ECONNREFUSED why=no RST seen\n"
			 "from_us=1024 arrow=-> to_us=2047 count=1 "
			 "bar=****************************************\n"
			 "from_us=2048 arrow=-> to_us=4095 count=0 bar=\n"
			 "from_us=4096 arrow=-> to_us=8191 count=0 bar=\n"
			 "from_us=8192 arrow=-> to_us=16383 count=0 bar=\n"
			 "from_us=16384 arrow=-> to_us=32767 count=0 bar=\n"
			 "from_us=32768 arrow=-> to_us=65535 count=0 bar=\n"
			 "from_us=65536 arrow=-> to_us=131071 count=0 bar=\n"
			 "from_us=131072 arrow=-> to_us=262143 count=0 bar=\n"
			 "from_us=262144 arrow=-> to_us=524287 count=0 bar=\n"
			 "from_us=524288 arrow=-> to_us=1048575 count=1 "
			 "bar=****************************************\n"
			 "syn_retrans=0 attempts=2 established=1 mean_ms=2.00\n"
			 "syn_retrans=1 attempts=1 established=1 mean_ms=1001.00\n"
			 "local=10.0.0.1:443 synack_retrans=2 connections=1 completed=0\n");
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connects_shows_a_success_once),
		cmocka_unit_test(test_connects_shows_failures_at_their_end),
		cmocka_unit_test(test_connects_names_the_opener),
		cmocka_unit_test(test_connects_tells_subflows_apart),
		cmocka_unit_test(test_connects_of_at_least_some_time),
		cmocka_unit_test(test_connects_in_a_window),
		cmocka_unit_test(test_connects_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
