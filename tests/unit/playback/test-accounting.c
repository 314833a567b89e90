// SPDX-License-Identifier: MIT
/* Tests of accounting: counted = recorded + lost + undelivered, and what is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "playback/accounting.h"
#include "seen.h"

#define FORMATS                                                                                    \
	"format 0 tcp tcp_retransmit_skb v:4\n"                                                    \
	"format 1 sock inet_sock_set_state v:4\n"                                                  \
	"format 2 tcp tcp_retransmit_skb chain v:4\n"                                              \
	"format 3 sock_diag socket_table v:4\n"

static const tcp_kinds retransmits = TCP_KIND_BIT(TCP_KIND_RETRANSMIT);

static struct accounting_missing *missing_of(const struct tape_meta *meta, tcp_kinds kinds)
{
	struct accounting_missing *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	accounting_missing(meta, kinds, m);
	return m;
}

static void assert_cpus(const struct cpu_set_text *s, const char *want)
{
	struct text t CLEANUP(text_done) = {0};

	cpu_set_text_print(s, &t);
	assert_string_equal(text_cstr(&t), want);
}

static void test_accounting_sums_all_indices_of_a_tracepoint(void **state)
{
	struct tape_reader *r CLEANUP(tape_reader_close_p) =
		seen_reader(FORMATS "row 0 0 100 v=1\n"
				    "row 2 0 110 v=1\n"
				    "row 3 0 120 v=1\n"
				    "mark 200\n"
				    "tally 0 0 10 1 2 final\n"
				    "tally 2 0 5 1 0 final\n"
				    "tally 1 1 7 7 0 final\n"
				    "finish\n");
	const struct tape_meta *meta = tape_reader_meta(r);
	struct accounting_sum sum = accounting_sum(meta, 0, ACCOUNTING_ALL);

	assert_true(sum.has_final);
	assert_int_equal(sum.counted, 15);
	assert_int_equal(sum.lost, 2);
	assert_int_equal(sum.undelivered, 7 + 4);
	assert_int_equal(accounting_sum(meta, ACCOUNTING_ALL, 1).counted, 7);
	assert_int_equal(accounting_rows(meta, 2), 2);
	assert_true(accounting_is_repeated(meta, 2));
	assert_false(accounting_is_repeated(meta, 0) || accounting_is_repeated(meta, 1));
	assert_true(accounting_is_synthetic(meta->tracepoints[3]));
	assert_int_equal(accounting_synthetic(meta, NULL), 1);
	assert_int_equal(accounting_synthetic(meta, "tcp_destroy"), 0);
}

static void test_missing_is_of_the_kinds_asked_for(void **state)
{
	struct tape_reader *r CLEANUP(tape_reader_close_p) =
		seen_reader(FORMATS "tally 0 0 10 8 1 final\n"
				    "tally 2 3 10 8 2 final\n"
				    "tally 1 1 100 10 40 final\n"
				    "loss 2 500 0 10\n"
				    "finish\n");
	const struct tape_meta *meta = tape_reader_meta(r);
	struct accounting_missing *few CLEANUP(free_p) = missing_of(meta, retransmits);
	struct accounting_missing *all CLEANUP(free_p) = missing_of(meta, TCP_KINDS_ALL);

	/* After the final tally, it alone knows: the loss record says no more than that. */
	assert_int_equal(few->lost, 3);
	assert_int_equal(few->undelivered, 1);
	assert_cpus(&few->lost_cpus, "CPUs 0,3");
	assert_cpus(&few->undelivered_cpus, "CPU 0");
	assert_int_equal(all->lost, 43);
	assert_int_equal(all->undelivered, 51);
	assert_cpus(&all->lost_cpus, "CPUs 0,1,3");
}

/* The recorder was killed before its last tally: what the rings lost since then counts. */
static void test_missing_without_a_final_tally(void **state)
{
	struct tape_reader *r CLEANUP(tape_reader_close_p) =
		seen_reader(FORMATS "tally 0 0 10 8 1\n"
				    "loss 2 5 0 10\n"
				    "loss 4 6 0 10\n");
	struct accounting_missing *m CLEANUP(free_p) = missing_of(tape_reader_meta(r), retransmits);

	assert_int_equal(m->lost, 11);
	assert_int_equal(m->undelivered, 0);
	assert_cpus(&m->lost_cpus, "CPUs 0,2,4");
}

/* Only a damaged or hostile tape says this. */
static void test_more_recorded_than_counted(void **state)
{
	struct tape_reader *r CLEANUP(tape_reader_close_p) =
		seen_reader(FORMATS "tally 0 0 10 12 0 final\n"
				    "tally 2 0 10 5 6 final\n"
				    "finish\n");

	assert_int_equal(accounting_sum(tape_reader_meta(r), 0, 0).undelivered, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accounting_sums_all_indices_of_a_tracepoint),
		cmocka_unit_test(test_missing_is_of_the_kinds_asked_for),
		cmocka_unit_test(test_missing_without_a_final_tally),
		cmocka_unit_test(test_more_recorded_than_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
