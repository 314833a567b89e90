// SPDX-License-Identifier: MIT
/*
 * event-counts: how hits are accounted for, from events that are pipes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include "record/event-counts.h"

#define N_TRACEPOINTS 2u
#define N_CPUS	      2u /* their numbers are 0 and 3 */
#define N_SYNTHETIC   1u
#define N_RECORDS     ((N_TRACEPOINTS + N_SYNTHETIC) * N_CPUS)

struct world {
	struct event_cpu cpus[N_CPUS];
	int fds[N_TRACEPOINTS * N_CPUS];
	int write_fds[N_TRACEPOINTS * N_CPUS];
	struct events events;
	struct event_counts counts;
	struct tally_record tallies[N_RECORDS];
	struct event_count_sums sums;
};

static void world_open(struct world *w, bool with_lost)
{
	memset(w, 0, sizeof(*w));
	w->cpus[1].cpu = 3;
	w->cpus[0].was_open = w->cpus[1].was_open = true;
	for (size_t i = 0; i < N_TRACEPOINTS * N_CPUS; i++) {
		int fds[2];

		assert_int_equal(pipe(fds), 0);
		w->fds[i] = fds[0];
		w->write_fds[i] = fds[1];
	}
	w->events = (struct events){.cpus = w->cpus,
				    .n_cpus = N_CPUS,
				    .fds = w->fds,
				    .n_tracepoints = N_TRACEPOINTS,
				    .with_lost = with_lost};
	assert_int_equal(event_counts_init(&w->counts, &w->events, N_SYNTHETIC, NULL), 0);
}

static void world_close(struct world *w)
{
	for (size_t i = 0; i < N_TRACEPOINTS * N_CPUS; i++) {
		close(w->fds[i]);
		close(w->write_fds[i]);
	}
	event_counts_done(&w->counts);
}

/* What the kernel answers for an event. */
static void set_count(struct world *w, size_t tracepoint, size_t cpu, uint64_t counted,
		      uint64_t lost)
{
	const uint64_t values[2] = {counted, lost};
	size_t n = w->events.with_lost ? 16 : 8;

	assert_int_equal(write(w->write_fds[tracepoint * N_CPUS + cpu], values, n), n);
}

static void record_rows(struct world *w, uint32_t tracepoint, uint32_t cpu_number, uint32_t n)
{
	struct batch *b CLEANUP(batch_free_p) = NULL;
	uint8_t data[16] = {0};

	assert_int_equal(batch_new(N_TRACEPOINTS + N_SYNTHETIC, &b), 0);
	for (uint32_t i = 0; i < n; i++) {
		struct batch_row row = {.tracepoint = tracepoint,
					.len = sizeof(data),
					.cpu = cpu_number,
					.data = data};

		assert_int_equal(batch_add(b, &row), 0);
	}
	event_counts_add(&w->counts, b);
}

static void read_counts(struct world *w, uint8_t flags)
{
	struct batch_records records = {0};
	struct cursor c;

	assert_int_equal(event_counts_read(&w->counts, 777, flags, &records, &w->sums, NULL), 0);
	assert_int_equal(records.n, N_RECORDS);
	assert_int_equal(records.time_from, 777);
	assert_int_equal(records.time_to, 777);
	c = cursor_of(records.records.data, records.records.len);
	for (size_t i = 0; i < N_RECORDS; i++)
		assert_int_equal(tally_record_decode(&c, &w->tallies[i]), 1);
	buffer_done(&records.records);
}

static const struct tally_record *tally(const struct world *w, size_t tracepoint, size_t cpu)
{
	return &w->tallies[tracepoint * N_CPUS + cpu];
}

static void test_event_counts_of_a_kernel_that_counts_losses(void **state)
{
	struct world w;

	world_open(&w, true);
	set_count(&w, 0, 0, 100, 30);
	set_count(&w, 0, 1, 7, 0);
	set_count(&w, 1, 0, 50, 0);
	set_count(&w, 1, 1, 0, 0);
	record_rows(&w, 0, 0, 70);
	record_rows(&w, 0, 3, 7);
	record_rows(&w, 1, 0, 44);
	/* The ring's own count is not used: its records about losses may not have come yet. */
	w.cpus[0].ring_lost = 1000;
	read_counts(&w, TALLY_FINAL);
	assert_int_equal(tally(&w, 0, 0)->counted, 100);
	assert_int_equal(tally(&w, 0, 0)->recorded, 70);
	assert_int_equal(tally(&w, 0, 0)->lost, 30);
	assert_int_equal(tally(&w, 0, 0)->flags, TALLY_FINAL);
	assert_int_equal(tally(&w, 0, 1)->cpu, 3);
	assert_int_equal(tally(&w, 0, 1)->recorded, 7);
	assert_int_equal(tally(&w, 1, 0)->tracepoint, 1);
	assert_int_equal(tally(&w, 1, 0)->lost, 0);
	assert_int_equal(w.sums.counted, 157);
	assert_int_equal(w.sums.recorded, 121);
	assert_int_equal(w.sums.lost, 30);
	assert_int_equal(w.sums.undelivered, 6);
	world_close(&w);
}

static void expect_shares(uint64_t ring_lost, uint64_t first, uint64_t second)
{
	struct world w;

	world_open(&w, false);
	set_count(&w, 0, 0, 100, 0);
	set_count(&w, 0, 1, 20, 0);
	set_count(&w, 1, 0, 50, 0);
	set_count(&w, 1, 1, 5, 0);
	record_rows(&w, 0, 0, 60); /* 40 are missing */
	record_rows(&w, 1, 0, 40); /* 10 are missing */
	record_rows(&w, 1, 3, 9);  /* more than were counted: none is missing */
	w.cpus[0].ring_lost = ring_lost;
	w.cpus[1].ring_lost = 3;
	read_counts(&w, 0);
	assert_int_equal(tally(&w, 0, 0)->lost, first);
	assert_int_equal(tally(&w, 1, 0)->lost, second);
	/* The other CPU has a ring of its own. */
	assert_int_equal(tally(&w, 0, 1)->lost, 3);
	assert_int_equal(tally(&w, 1, 1)->lost, 0);
	assert_int_equal(tally(&w, 0, 0)->flags, TALLY_LOST_SHARED);
	assert_int_equal(w.sums.lost, first + second + 3);
	world_close(&w);
}

/* Before Linux 6.0 only a ring knows how much it lost. */
static void test_event_counts_share_the_losses_of_a_ring(void **state)
{
	/* In proportion to what each event is missing. */
	expect_shares(25, 20, 5);
	expect_shares(5, 4, 1);
	/* No event loses more than it is missing: the rest was never delivered. */
	expect_shares(50, 40, 10);
	expect_shares(1000, 40, 10);
	expect_shares(0, 0, 0);
}

/* The kernel counts no synthetic rows, so these are no events in the sums. */
static void test_event_counts_of_synthetic_rows(void **state)
{
	struct world w;

	world_open(&w, true);
	for (size_t i = 0; i < N_TRACEPOINTS; i++) {
		for (size_t cpu = 0; cpu < N_CPUS; cpu++)
			set_count(&w, i, cpu, 0, 0);
	}
	record_rows(&w, N_TRACEPOINTS, 3, 12);
	read_counts(&w, 0);
	assert_int_equal(tally(&w, N_TRACEPOINTS, 0)->recorded, 0);
	assert_int_equal(tally(&w, N_TRACEPOINTS, 1)->tracepoint, N_TRACEPOINTS);
	assert_int_equal(tally(&w, N_TRACEPOINTS, 1)->cpu, 3);
	assert_int_equal(tally(&w, N_TRACEPOINTS, 1)->counted, 12);
	assert_int_equal(tally(&w, N_TRACEPOINTS, 1)->recorded, 12);
	assert_int_equal(w.sums.counted, 0);
	assert_int_equal(w.sums.recorded, 0);
	world_close(&w);
}

/* Between read(2) of the counts and the rows more may be recorded than was counted. */
static void test_event_counts_never_below_zero(void **state)
{
	struct event_count_sums sums;
	struct world w;

	world_open(&w, true);
	for (size_t i = 0; i < N_TRACEPOINTS; i++) {
		for (size_t cpu = 0; cpu < N_CPUS; cpu++)
			set_count(&w, i, cpu, 1, 0);
	}
	record_rows(&w, 0, 0, 9);
	assert_int_equal(event_counts_read(&w.counts, 1, 0, NULL, &sums, NULL), 0);
	assert_int_equal(sums.counted, 4);
	assert_int_equal(sums.recorded, 9);
	assert_int_equal(sums.undelivered, 0);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_event_counts_of_a_kernel_that_counts_losses),
		cmocka_unit_test(test_event_counts_share_the_losses_of_a_ring),
		cmocka_unit_test(test_event_counts_of_synthetic_rows),
		cmocka_unit_test(test_event_counts_never_below_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
