// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "script.h"
#include "tcp/label-file.h"
#include "tcp/names.h"

#define ENDS(port) "laddr=10.0.0.1 lport=" port " raddr=10.0.0.2 rport=80 "

static void end_conn(struct script *s, uint64_t after_ns, uint64_t sk, uint16_t lport)
{
	script_change(s, after_ns, sk, lport, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, CLIENT);
	script_destroy(s, 0, sk);
	script_tick(s, 0);
}

static void test_life_of_a_connection(void **state)
{
	struct script *s = script_new("life", "", COLUMN_TEXT);

	script_connect(s, 1, 4000);
	end_conn(s, 8 * MS, 1, 4000);
	script_expect(s, "pid=100 comm=curl " ENDS("4000") "tx_kb=0 rx_kb=0 ms=10.00 end=A\n");
	script_end(s);
	script_expect(s, "");
	script_free(s);
}

static void row_of_subflow(struct script *s, uint16_t lport, enum tcp_subflow subflow)
{
	struct tcp_event e = script_event(TCP_KIND_SAMPLE, 0, lport, 80);

	e.dump = SOCKET_SAMPLE_SUBFLOW;
	e.subflow = (uint8_t)subflow;
	e.mptcp_token = 0xab;
	script_set(&e, TCP_FIELD_SUBFLOW);
	script_set(&e, TCP_FIELD_MPTCP_TOKEN);
	script_feed(s, 0, &e);
}

/* A row shows a part of what the MPTCP connection moved; the last line has the sum. */
static void test_life_of_subflows(void **state)
{
	struct script *s = script_new("life", "", COLUMN_TEXT);

	script_connect(s, 1, 4000);
	script_connect(s, 2, 4001);
	row_of_subflow(s, 4000, TCP_SUBFLOW_FIRST);
	row_of_subflow(s, 4001, TCP_SUBFLOW_JOIN);
	end_conn(s, 6 * MS, 1, 4000);
	script_expect(s, "pid=100 comm=curl " ENDS("4000") "ms=10.00 end=A mptcp ab first\n");
	end_conn(s, 0, 2, 4001);
	script_expect(s, "pid=100 comm=curl " ENDS("4001") "ms=8.00 end=A mptcp ab join\n");
	script_end(s);
	script_expect(s, "# mptcp ab: 2 subflows, whose bytes are not known\n");
	script_free(s);
}

static void test_life_for_programs(void **state)
{
	struct script *s = script_new("life", "", COLUMN_JSON);
	struct tcp_event e = script_event(TCP_KIND_RETRANSMIT, 1, 4000, 80);

	script_connect(s, 1, 4000);
	e.chain = (struct tcp_chain_cause){TCP_CAUSE_RTO, TCP_TRIGGER_TIMER};
	script_feed(s, 1 * MS, &e);
	end_conn(s, 1 * MS, 1, 4000);
	script_expect(s, "time=1004000us ts_ns=1004000000 pid=100 comm=curl family=4 " ENDS(
				 "4000") "retrans=1 began=connect ended=aborted owner=close sk=0x1 "
					 "state=CLOSE "
					 "duration_ns=4000000 connect_ns=2000000 tx_bytes=0 "
					 "rx_bytes=0 bytes_by=io "
					 "timeouts=1\n");
	script_free(s);
}

/* A life that began before the recording is a lower bound; where events were lost, its counts
 * are. */
static void test_life_bounds(void **state)
{
	struct script *s = script_new("life", "", COLUMN_TEXT);

	script_change(s, 0, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
	assert_int_equal(tracker_loss(s->tracker, s->now + 1, s->now + 2), 0);
	script_change(s, 5 * MS, 1, 4000, 80, TCP_STATE_CLOSE_WAIT, TCP_STATE_CLOSE, CLIENT);
	script_destroy(s, 0, 1);
	script_end(s);
	script_expect(s, "pid=100 comm=curl " ENDS(
				 "4000") "ms=>5.00* end=A\n"
					 "# >MS: open before the recording; bytes are of the whole "
					 "life, RETR of "
					 "the tape\n"
					 "# MS*: events were lost while it lived; its counts are "
					 "lower bounds\n");
	script_free(s);
}

/* Programs get a key of its own for the lower bound, and no notes. */
static void test_life_bounds_for_programs(void **state)
{
	struct script *s = script_new("life", "", COLUMN_JSON);

	script_change(s, 0, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 0);
	script_tick(s, 5 * MS);
	script_end(s);
	script_expect(s,
		      "time=1005000us ts_ns=1005000000 family=4 " ENDS(
			      "4000") "retrans=0 began=before ended=open sk=0x1 state=CLOSE_WAIT "
				      "observed_ns=5000000\n");
	script_free(s);
}

/* A connection that has ended is shown if it ended in the window; one that is open, if it lived. */
static void test_life_in_a_window(void **state)
{
	struct script *s = script_new("life", "", COLUMN_TEXT);

	s->context.since_ns = 1005 * MS;
	s->context.until_ns = 1010 * MS;
	script_connect(s, 1, 4000);
	script_connect(s, 2, 4001);
	script_connect(s, 3, 4002);
	script_connect(s, 4, 4003);
	script_change(s, 0, 9, 22, 0, TCP_STATE_CLOSE, TCP_STATE_LISTEN, SERVER);
	s->now = 1004 * MS;
	end_conn(s, 0, 1, 4000);
	end_conn(s, 1 * MS, 2, 4001);
	end_conn(s, 5 * MS, 3, 4002);
	script_end(s);
	/* The listener is no connection. */
	script_expect(s, "pid=100 comm=curl " ENDS(
				 "4001") "tx_kb=0 rx_kb=0 ms=3.00 end=A\n"
					 "pid=100 comm=curl " ENDS(
						 "4003") "tx_kb=0 rx_kb=0 ms=4.00 end=O\n");
	script_free(s);
	/* The tape ends before the window begins. */
	s = script_new("life", "", COLUMN_TEXT);
	s->context.since_ns = 1005 * MS;
	script_connect(s, 1, 4000);
	script_end(s);
	script_expect(s, "");
	script_free(s);
}

static void test_life_wide(void **state)
{
	struct script *s = script_new("life", "wide timestamp clock", COLUMN_TEXT);

	script_connect(s, 1, 4000);
	end_conn(s, 8 * MS, 1, 4000);
	script_expect(
		s, "clock=1010000us seconds=1.010000 pid=100 comm=curl family=4 " ENDS(
			   "4000") "tx_kb=0 rx_kb=0 ms=10.00 retrans=0 began=connect ended=aborted "
				   "owner=close\n");
	script_free(s);
}

/* Many connections as counts. */
static void test_life_counts(void **state)
{
	struct script *s = script_new("life", "count", COLUMN_TEXT);

	for (uint16_t i = 0; i < 300; i++) {
		script_connect(s, i + 1u, 10000 + i);
		if (i % 3 == 0)
			end_conn(s, 6 * MS, i + 1u, 10000 + i);
	}
	script_end(s);
	script_expect(s, "ended=open connections=200 retrans=0 tx_kb=0 rx_kb=0 mean_ms=597.00 "
			 "p50_ms=603.98 p99_ms=1192.00 max_ms=1192.00\n"
			 "ended=aborted connections=100 retrans=0 tx_kb=0 rx_kb=0 mean_ms=8.00 "
			 "p50_ms=8.00 p99_ms=8.00 max_ms=8.00\n");
	script_free(s);
}

static void test_life_groups(void **state)
{
	static const char names[] = "10.0.0.2 db-1\n10.0.0.2:80 web\n10.0.0.1 me\n";
	static const struct {
		const char *group, *keys;
	} groups[] = {
		{"group=peer", "raddr=10.0.0.2 "},  {"group=process", "pid=100 comm=curl "},
		{"group=port", "port=80 "},	    {"group=label", "rlabel=web "},
		{"group=ending", "ended=aborted "},
	};
	struct arena arena CLEANUP(arena_done) = {0};
	struct labels labels;

	assert_int_equal(labels_parse(names, sizeof(names) - 1, "f", &arena, &labels, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		struct script *s = script_new("life", groups[i].group, COLUMN_TEXT);
		struct text want CLEANUP(text_done) = {0};

		s->context.labels = &labels;
		script_connect(s, 1, 4000);
		end_conn(s, 6 * MS, 1, 4000);
		script_connect(s, 2, 4001);
		end_conn(s, 2 * MS, 2, 4001);
		script_end(s);
		text_printf(&want,
			    "%sconnections=2 retrans=0 tx_kb=0 rx_kb=0 mean_ms=6.00 p50_ms=4.06 "
			    "p99_ms=8.00 max_ms=8.00\n",
			    groups[i].keys);
		script_expect(s, text_cstr(&want));
		script_free(s);
	}
}

/* Nothing is left out of a grouping: not even connections of which the key is not known. */
static void test_life_groups_add_up(void **state)
{
	static const char names[] = "10.0.0.3 other\n";
	struct arena arena CLEANUP(arena_done) = {0};
	struct script *s = script_new("life", "group=label", COLUMN_TEXT);
	struct labels labels;

	assert_int_equal(labels_parse(names, sizeof(names) - 1, "f", &arena, &labels, NULL), 0);
	s->context.labels = &labels;
	script_connect(s, 1, 4000);
	end_conn(s, 6 * MS, 1, 4000);
	script_end(s);
	script_expect(s, "connections=1 retrans=0 tx_kb=0 rx_kb=0 mean_ms=8.00 "
			 "p50_ms=8.00 p99_ms=8.00 max_ms=8.00\n");
	script_free(s);
	s = script_new("life", "group=container", COLUMN_TEXT);
	script_connect(s, 1, 4000);
	end_conn(s, 6 * MS, 1, 4000);
	script_end(s);
	script_expect(s, "connections=1 retrans=0 tx_kb=0 rx_kb=0 p50_ms=8.00 "
			 "max_ms=8.00\n");
	script_free(s);
}

static void test_life_refuses_groups(void **state)
{
	struct script *s = script_new("life", "group=label", COLUMN_TEXT);

	assert_int_equal(script_begin(s), -EINVAL);
	script_free(s);
	s = script_new("life", "group=cheese", COLUMN_TEXT);
	assert_int_equal(script_begin(s), -EINVAL);
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life_of_a_connection),
		cmocka_unit_test(test_life_for_programs),
		cmocka_unit_test(test_life_of_subflows),
		cmocka_unit_test(test_life_bounds),
		cmocka_unit_test(test_life_bounds_for_programs),
		cmocka_unit_test(test_life_in_a_window),
		cmocka_unit_test(test_life_wide),
		cmocka_unit_test(test_life_counts),
		cmocka_unit_test(test_life_groups),
		cmocka_unit_test(test_life_groups_add_up),
		cmocka_unit_test(test_life_refuses_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
