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

static void call(struct script *s, uint64_t after_ns, enum tcp_kind kind, uint64_t sk,
		 uint16_t lport, int32_t ret, int32_t flags)
{
	struct tcp_event e = script_event(kind, sk, lport, 80);

	e.ret = ret;
	e.flags = flags;
	script_feed(s, after_ns, &e);
}

static void retransmit(struct script *s, uint64_t sk, uint16_t lport, enum tcp_cause cause,
		       int32_t err)
{
	struct tcp_event e = script_event(TCP_KIND_RETRANSMIT, sk, lport, 80);

	e.chain = (struct tcp_chain_cause){cause, TCP_TRIGGER_TIMER};
	e.err = err;
	script_set(&e, TCP_FIELD_ERR);
	script_feed(s, 0, &e);
}

#define ROW(port, counts)                                                                          \
	"pid=100 comm=curl local=10.0.0.1:" port " remote=10.0.0.2:80 " counts "\n"

/* MSG_PEEK leaves the bytes in the queue: a later call reads them again. */
static void test_top_does_not_count_peeked_bytes(void **state)
{
	struct script *s = script_new("top", "nosummary", COLUMN_TEXT);

	script_connect(s, 1, 4000);
	call(s, 0, TCP_KIND_RECV_LENGTH, 1, 4000, 4096, 2);
	call(s, 0, TCP_KIND_RECV_LENGTH, 1, 4000, 2048, 0);
	call(s, 0, TCP_KIND_RECV_LENGTH, 1, 4000, -EAGAIN, 0);
	/* MSG_ERRQUEUE reads a message about what was sent. */
	call(s, 0, TCP_KIND_RECV_LENGTH, 1, 4000, 4096, 0x2000);
	call(s, 0, TCP_KIND_SEND_LENGTH, 1, 4000, 1024, 2); /* MSG_PEEK means nothing there */
	script_end(s);
	script_expect(s, "== 1000ms \n" ROW("4000", "rx_kb=2 tx_kb=1 retrans=0 resets=0"));
	script_free(s);
}

/* The calls are made on the main socket, which shares the row of its first subflow. */
static void test_top_of_an_mptcp_connection(void **state)
{
	struct script *s = script_new("top", "nosummary", COLUMN_TEXT);
	struct tcp_event e = script_event(TCP_KIND_SET_STATE, 2, 0, 0);

	e.oldstate = TCP_STATE_CLOSE;
	e.newstate = TCP_STATE_SYN_SENT;
	script_in(&e, CLIENT);
	e.protocol = TCP_PROTOCOL_MPTCP;
	script_set(&e, TCP_FIELD_OLDSTATE);
	script_set(&e, TCP_FIELD_NEWSTATE);
	script_set(&e, TCP_FIELD_PROTOCOL);
	script_feed(s, 0, &e);
	script_connect(s, 1, 4000);
	call(s, 0, TCP_KIND_SEND_LENGTH, 2, 0, 4096, 0);
	retransmit(s, 1, 4000, TCP_CAUSE_RTO, 0);
	script_change(s, 2000 * MS, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, CLIENT);
	script_end(s);
	script_expect(
		s,
		"== 1000ms \n" ROW("4000", "tx_kb=4 retrans=1 resets=0") "== 3000ms \n" ROW(
			"4000",
			"retrans=0 resets=0") "# 1 interval in which nothing happened not shown\n");
	script_free(s);
}

/* A connection is counted as opened at its SYN, and not again when it is established. */
static void test_top_counts_a_connection_once(void **state)
{
	struct script *s = script_new("top", "group=port", COLUMN_JSON);

	script_connect(s, 1, 4000);
	script_change(s, 0, 1, 4000, 80, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE, CLIENT);
	/* An accepted one has no SYN of ours. */
	script_change(s, 0, 2, 443, 5000, TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, 0);
	script_change(s, 0, 2, 443, 5000, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED, 0);
	script_end(s);
#define PORT(port, counts)                                                                         \
	"time=1000000us ts_ns=1000000000 interval_ns=1000000000 port=" port                        \
	" retrans=0 resets=0 " counts "\n"
	script_expect(s, "== 1000ms retransmits 0  resets 0  opened 2  closed 1\n" PORT(
				 "80", "opened=1 closed=1") PORT("443", "opened=1 closed=0"));
	script_free(s);
}

/* A socket that connects to itself, and the two ends of a simultaneous open. */
static void test_top_counts_a_simultaneous_open_once(void **state)
{
	struct script *s = script_new("top", "group=port", COLUMN_JSON);

	script_change(s, 0, 1, 4000, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	script_change(s, 0, 1, 4000, 80, TCP_STATE_SYN_SENT, TCP_STATE_SYN_RECV, 0);
	script_change(s, 0, 1, 4000, 80, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED, 0);
	script_end(s);
	script_expect(s, "== 1000ms retransmits 0  resets 0  opened 1  closed 0\n" PORT(
				 "80", "opened=1 closed=0"));
	script_free(s);
}

static void test_top_per_label(void **state)
{
	static const char names[] = "10.0.0.2:80 web\n10.0.0.1 me\n";
	struct arena arena CLEANUP(arena_done) = {0};
	struct script *s = script_new("top", "nosummary group=label", COLUMN_TEXT);
	struct labels labels;

	assert_int_equal(script_begin(s), -EINVAL);
	script_free(s);
	assert_int_equal(labels_parse(names, sizeof(names) - 1, "f", &arena, &labels, NULL), 0);
	s = script_new("top", "nosummary group=label", COLUMN_TEXT);
	s->context.labels = &labels;
	script_connect(s, 1, 4000);
	retransmit(s, 1, 4000, TCP_CAUSE_RTO, 0);
	script_change(s, 0, 2, 443, 5000, TCP_STATE_LISTEN, TCP_STATE_SYN_RECV, 0);
	script_change(s, 0, 2, 443, 5000, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED, 0);
	script_end(s);
	script_expect(s, "== 1000ms \n"
			 "rlabel=web retrans=1 resets=0 opened=1 closed=0\n"
			 "retrans=0 resets=0 opened=1 closed=0\n");
	script_free(s);
}

/* Tail loss probes and failed attempts are no retransmissions of lost data; SYN-ACKs are. */
static void test_top_counts_retransmissions_of_lost_data(void **state)
{
	struct script *s = script_new("top", "nosummary group=peer", COLUMN_TEXT);
	struct tcp_event synack = script_event(TCP_KIND_RETRANSMIT_SYNACK, 9, 80, 4001);

	script_connect(s, 1, 4000);
	retransmit(s, 1, 4000, TCP_CAUSE_RTO, 0);
	retransmit(s, 1, 4000, TCP_CAUSE_TLP, 0);
	retransmit(s, 1, 4000, TCP_CAUSE_RTO, -16);
	script_feed(s, 0, &synack);
	script_end(s);
	script_expect(s, "== 1000ms \n"
			 "raddr=10.0.0.2 retrans=2 resets=0 opened=1 closed=0\n");
	script_free(s);
}

/* On a tape a page for each interval in which something happened; the others are counted. */
static void test_top_skips_silent_intervals(void **state)
{
	struct script *s = script_new("top", "nosummary interval=100ms", COLUMN_TEXT);

	script_connect(s, 1, 4000);
	retransmit(s, 1, 4000, TCP_CAUSE_RTO, 0);
	/* Two silent intervals. */
	call(s, 300 * MS, TCP_KIND_SEND_LENGTH, 1, 4000, 1024, 0);
	script_expect(s, "== 1000ms \n" ROW("4000", "retrans=1 resets=0"));
	/* Years of silence are one step. */
	call(s, 1000000000000000000ull, TCP_KIND_SEND_LENGTH, 1, 4000, 2048, 0);
	script_end(s);
	script_expect(s, "== 1300ms \n" ROW(
				 "4000", "tx_kb=1 retrans=0 resets=0") "== 1000000001300ms "
								       "\n" ROW("4000",
										"tx_kb=2 "
										"retrans=0 "
										"resets=0") "# "
											    "10,"
											    "000,"
											    "000,"
											    "001 "
											    "inte"
											    "rval"
											    "s "
											    "in "
											    "whic"
											    "h "
											    "noth"
											    "ing "
											    "happ"
											    "ened"
											    " not"
											    " sho"
											    "wn"
											    "\n");
	script_free(s);
}

/* A stream has a page for each interval, and takes the place of the one before. */
static void test_top_on_a_stream(void **state)
{
	struct script *s = script_new("top", "nosummary", COLUMN_TEXT);

	s->context.is_live = true;
	script_connect(s, 1, 4000);
	script_tick(s, 997 * MS);
	script_expect(s, "");
	script_tick(s, 1 * MS);
	script_expect(s, "== 1000ms screen \n" ROW("4000", "retrans=0 resets=0"));
	script_tick(s, 1000 * MS);
	script_expect(s, "== 2000ms screen \n");
	script_free(s);
}

/* Many connections, of which the busiest are shown. */
static void test_top_shows_the_busiest(void **state)
{
	struct script *s = script_new("top", "nosummary sort=sent rows=2 interval=1h", COLUMN_TEXT);

	for (uint16_t i = 0; i < 1000; i++) {
		script_connect(s, i + 1u, 10000 + i);
		call(s, 0, TCP_KIND_SEND_LENGTH, i + 1u, 10000 + i, 1024 * (1 + i * 7 % 1000), 0);
	}
	script_end(s);
	script_expect(s, "== 1000ms \n" ROW("10857", "tx_kb=1000 retrans=0 resets=0")
				 ROW("10714", "tx_kb=999 retrans=0 resets=0"));
	script_free(s);
}

/* Only what happened in the window, and only of connections that pass the filter. */
static void test_top_looks_at_window_and_filter(void **state)
{
	struct script *s = script_new("top", "nosummary", COLUMN_TEXT);
	static uint16_t port = 4000;

	s->filter.lport = (struct filter_ports){&port, 1};
	s->context.since_ns = 1005 * MS;
	s->context.until_ns = 1015 * MS;
	script_connect(s, 1, 4000);
	script_connect(s, 2, 4001);
	call(s, 0, TCP_KIND_SEND_LENGTH, 1, 4000, 1024, 0);
	call(s, 2 * MS, TCP_KIND_SEND_LENGTH, 1, 4000, 2048, 0);
	call(s, 0, TCP_KIND_SEND_LENGTH, 2, 4001, 2048, 0);
	call(s, 10 * MS, TCP_KIND_SEND_LENGTH, 1, 4000, 4096, 0);
	script_end(s);
	script_expect(s, "== 1006ms \n" ROW("4000", "tx_kb=2 retrans=0 resets=0"));
	script_free(s);
}

static void test_top_refuses_nonsense(void **state)
{
	static const char *const wrong[] = {"interval=soon", "interval=0", "group=pear", "sort=x"};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct script *s = script_new("top", wrong[i], COLUMN_TEXT);

		assert_int_equal(script_begin(s), -EINVAL);
		script_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_top_does_not_count_peeked_bytes),
		cmocka_unit_test(test_top_counts_a_connection_once),
		cmocka_unit_test(test_top_of_an_mptcp_connection),
		cmocka_unit_test(test_top_counts_a_simultaneous_open_once),
		cmocka_unit_test(test_top_counts_retransmissions_of_lost_data),
		cmocka_unit_test(test_top_per_label),
		cmocka_unit_test(test_top_skips_silent_intervals),
		cmocka_unit_test(test_top_on_a_stream),
		cmocka_unit_test(test_top_shows_the_busiest),
		cmocka_unit_test(test_top_looks_at_window_and_filter),
		cmocka_unit_test(test_top_refuses_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
