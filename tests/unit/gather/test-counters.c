// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "gather/counters.h"

/* The sums count every cause once, and data is what is neither handshake nor probe. */
static void test_counters_data(void **state)
{
	struct counters s = {0};
	uint64_t all = 0;

	for (unsigned int i = 0; i < TCP_CAUSE_N; i++) {
		s.events.retrans[i] = 1u << i;
		all += s.events.retrans[i];
	}
	assert_int_equal(counters_data_retrans(&s), all - (1u << TCP_CAUSE_TLP) -
							    (1u << TCP_CAUSE_SYN) -
							    (1u << TCP_CAUSE_SYNACK));
}

/* The kernel's figures count probes, too; events may be missing. */
static void test_counters_resent(void **state)
{
	struct counters s = {.tcp_info.retrans_segs = 10};

	assert_int_equal(counters_data_resent(&s), 10);
	s.events.retrans[TCP_CAUSE_TLP] = 4;
	/* All that is known of are probes: so are the others. */
	assert_int_equal(counters_data_resent(&s), 0);
	s.events.retrans[TCP_CAUSE_FAST] = 2;
	assert_int_equal(counters_data_resent(&s), 3);
	s.events.retrans[TCP_CAUSE_FAST] = 7;
	assert_int_equal(counters_data_resent(&s), 7);
	s.events.retrans[TCP_CAUSE_TLP] = 11;
	assert_int_equal(counters_data_resent(&s), 7);
}

static void test_counters_timeouts(void **state)
{
	struct counters s = {.tcp_info.timeouts = 3};

	s.events.retrans[TCP_CAUSE_RTO] = 2;
	assert_int_equal(counters_timeouts(&s), 3);
	s.events.retrans[TCP_CAUSE_RTO] = 4;
	assert_int_equal(counters_timeouts(&s), 4);
}

static void test_counters_rate_by_bytes(void **state)
{
	const struct counters s = {.tcp_info.conns = 1,
				   .tcp_info.sent_bytes = 1000000,
				   .tcp_info.retrans_bytes = 10000};
	struct rate r = counters_retrans_rate(&s);

	assert_int_equal(r.basis, RATE_BYTES);
	assert_int_equal(r.part, 10000);
	assert_int_equal(r.whole, 1000000);
	assert_int_equal(r.ppm, 10000);
}

static void test_counters_rate_by_calls(void **state)
{
	struct counters s = {.calls.tx_bytes = 1448 * 90};
	struct rate r;

	s.events.retrans[TCP_CAUSE_FAST] = 10;
	s.events.retrans[TCP_CAUSE_SYN] = 10; /* no data */
	r = counters_retrans_rate(&s);
	assert_int_equal(r.basis, RATE_CALLS);
	assert_int_equal(r.part, 10);
	assert_int_equal(r.whole, 100);
	assert_int_equal(r.ppm, 100000);
}

/* 10 of 60 bytes are no rate; with enough sent, or enough retransmitted, they are one. */
static void rate_of(uint64_t sent_bytes, uint64_t resent, bool is_telling)
{
	const struct counters s = {.tcp_info.conns = 1,
				   .tcp_info.sent_bytes = sent_bytes,
				   .tcp_info.retrans_bytes = resent * 10,
				   .tcp_info.retrans_segs = resent};
	struct rate r = counters_retrans_rate(&s);

	assert_int_equal(r.basis, RATE_BYTES);
	assert_int_equal(rate_is_telling(&r), is_telling);
}

static void test_counters_rate_of_little(void **state)
{
	rate_of(60, 1, false);
	rate_of(60, 4, false);
	rate_of(60, 5, true);
	rate_of(60, 0, true);
	rate_of(100 * 1448 - 1, 1, false);
	rate_of(100 * 1448, 1, true);
}

static void test_counters_rate_unknown(void **state)
{
	struct counters s = {.tcp_info.retrans_bytes = 5};

	s.events.retrans[TCP_CAUSE_FAST] = 10;
	assert_int_equal(counters_retrans_rate(&s).basis, RATE_UNKNOWN);
	assert_int_equal(counters_retrans_rate(&s).ppm, 0);
}

/* Never more than all, whatever a tape says. */
static void test_counters_rate_of_lies(void **state)
{
	const struct counters s = {.tcp_info.conns = 1,
				   .tcp_info.sent_bytes = 1,
				   .tcp_info.retrans_bytes = UINT64_MAX};
	const struct counters small = {
		.tcp_info.conns = 1, .tcp_info.sent_bytes = 1000, .tcp_info.retrans_bytes = 3};

	assert_true(counters_retrans_rate(&s).ppm <= 1000000);
	assert_true(counters_lost_of_rest(&small, &s).ppm <= 1000000);
	assert_true(counters_lost_of_rest(&s, &small).ppm <= 1000000);
}

static void test_counters_rate_of_rest(void **state)
{
	const struct counters all = {.tcp_info.conns = 1,
				     .tcp_info.sent_bytes = 1000,
				     .tcp_info.retrans_bytes = 110,
				     .tcp_info.retrans_segs = 11};
	const struct counters one = {.tcp_info.conns = 1,
				     .tcp_info.sent_bytes = 200,
				     .tcp_info.retrans_bytes = 100,
				     .tcp_info.retrans_segs = 10};
	struct rate r = counters_lost_of_rest(&all, &one);

	assert_int_equal(r.whole, 800);
	assert_int_equal(r.part, 10);
	assert_int_equal(r.ppm, 12500);
	r = counters_lost_of_rest(&one, &one);
	assert_int_equal(r.whole, 0);
	assert_int_equal(r.ppm, 0);
}

/* What had arrived before was not lost. */
static void test_counters_lost(void **state)
{
	struct counters s = {.tcp_info.conns = 1,
			     .tcp_info.sent_bytes = 1000,
			     .tcp_info.retrans_bytes = 100,
			     .tcp_info.spurious_bytes = 60,
			     .tcp_info.retrans_segs = 10};

	assert_int_equal(counters_lost_rate(&s).ppm, 40000);
	s.events.stall_retrans = 5;
	assert_int_equal(counters_lost_rate(&s).ppm, 20000);
	assert_int_equal(counters_data_lost(&s), 5);
	s.events.tlp_recovered = 2;
	assert_int_equal(counters_data_lost(&s), 7);
	s.tcp_info.spurious_bytes = 200;
	assert_int_equal(counters_lost_rate(&s).ppm, 0);
}

static void test_counters_resets_and_rejections(void **state)
{
	struct counters s = {0};

	for (unsigned int i = 0; i < RESET_KINDS; i++)
		s.events.resets[REPORT_SENT][i] = 1;
	s.events.resets[REPORT_RECEIVED][RESET_MIDSTREAM] = 5;
	assert_int_equal(counters_resets(&s, REPORT_SENT), RESET_KINDS);
	assert_int_equal(counters_resets(&s, REPORT_RECEIVED), 5);
	s.attempts.results[CONNECT_OK] = 100;
	s.attempts.results[CONNECT_REFUSED] = 1;
	s.attempts.results[CONNECT_UNREACHABLE] = 2;
	s.attempts.results[CONNECT_ERROR] = 4;
	s.attempts.results[CONNECT_TIMEOUT] = 8; /* silence */
	s.attempts.results[CONNECT_ABORTED] = 16;
	s.attempts.results[CONNECT_PENDING] = 32;
	assert_int_equal(counters_rejected(&s), 7);
}

static void test_counters_ppm(void **state)
{
	assert_int_equal(ppm_of(0, 0), 0);
	assert_int_equal(ppm_of(5, 0), 0);
	assert_int_equal(ppm_of(1, 1000000), 1);
	assert_int_equal(ppm_of(UINT64_MAX, UINT64_MAX), 1000000);
}

/* A rate is at most one, whatever the figures say. */
static void test_counters_rate_is_at_most_one(void **state)
{
	const struct counters s = {
		.tcp_info.conns = 1, .tcp_info.sent_bytes = 10, .tcp_info.retrans_bytes = 30};
	struct rate r = counters_retrans_rate(&s);

	assert_int_equal(r.ppm, 1000000);
	assert_int_equal(r.whole, 30);
}

/* Where events tell of far more retransmissions, struct tcp_info is known of few connections only,
 * and its bytes are no rate of all. */
static void test_counters_of_few_tcp_infos(void **state)
{
	struct counters s = {
		.tcp_info.conns = 1, .tcp_info.sent_bytes = 1000, .tcp_info.retrans_segs = 5};

	s.events.retrans[TCP_CAUSE_FAST] = 20;
	assert_int_equal(counters_retrans_rate(&s).basis, RATE_BYTES);
	s.events.retrans[TCP_CAUSE_FAST] = 21;
	assert_int_equal(counters_retrans_rate(&s).basis, RATE_UNKNOWN);
	s.calls.tx_bytes = 14480;
	assert_int_equal(counters_retrans_rate(&s).basis, RATE_CALLS);
}

/* Connections whose figures the kernel cleared: where their bytes are known otherwise, their
 * repeats are estimated; where not, they bound the error of the rate, and too much makes none. */
static void test_counters_rate_with_cleared_figures(void **state)
{
	struct counters s = {.tcp_info.conns = 1, .tcp_info.sent_bytes = 1000 * 1448};

	s.events.retrans[TCP_CAUSE_FAST] = 100;
	s.cleared = (struct cleared_counts){
		.conns = 2, .retrans = 100, .sized_retrans = 100, .sized_bytes = 900 * 1448};
	assert_int_equal(counters_retrans_rate(&s).basis, RATE_BYTES);
	assert_int_equal(counters_retrans_rate(&s).ppm, 50000);
	assert_true(counters_retrans_rate(&s).is_estimated);
	assert_int_equal(counters_lost_rate(&s).ppm, 50000);
	s.cleared = (struct cleared_counts){.conns = 2, .retrans = 100};
	assert_int_equal(counters_retrans_rate(&s).basis, RATE_UNKNOWN);
	assert_true(counters_retrans_rate(&s).is_cleared);
	assert_int_equal(counters_lost_rate(&s).basis, RATE_UNKNOWN);
	/* One retransmission among a thousand segments changes it by 0.1 % at most. */
	s.events.retrans[TCP_CAUSE_FAST] = 0;
	s.cleared.retrans = 1;
	assert_int_equal(counters_retrans_rate(&s).basis, RATE_BYTES);
	assert_false(counters_retrans_rate(&s).is_estimated);
	s.cleared.retrans = 2;
	assert_int_equal(counters_retrans_rate(&s).basis, RATE_UNKNOWN);
	/* Or half of a rate that is higher. */
	s.tcp_info.retrans_bytes = 10 * 1448;
	s.tcp_info.retrans_segs = 10;
	s.cleared.retrans = 5;
	assert_int_equal(counters_retrans_rate(&s).ppm, 10000);
	s.cleared.retrans = 6;
	assert_int_equal(counters_retrans_rate(&s).basis, RATE_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counters_data),
		cmocka_unit_test(test_counters_resent),
		cmocka_unit_test(test_counters_rate_is_at_most_one),
		cmocka_unit_test(test_counters_of_few_tcp_infos),
		cmocka_unit_test(test_counters_rate_with_cleared_figures),
		cmocka_unit_test(test_counters_timeouts),
		cmocka_unit_test(test_counters_rate_by_bytes),
		cmocka_unit_test(test_counters_rate_by_calls),
		cmocka_unit_test(test_counters_rate_unknown),
		cmocka_unit_test(test_counters_rate_of_little),
		cmocka_unit_test(test_counters_rate_of_lies),
		cmocka_unit_test(test_counters_rate_of_rest),
		cmocka_unit_test(test_counters_lost),
		cmocka_unit_test(test_counters_resets_and_rejections),
		cmocka_unit_test(test_counters_ppm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
