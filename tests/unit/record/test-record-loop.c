// SPDX-License-Identifier: MIT
/*
 * record-loop: a whole loop over rings in plain memory. Its clock is the test's: every reading is
 * ten milliseconds after the one before, so that minutes pass at once.
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
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "record/record-loop.h"
#include "world.h"

#define STEP_NS (10 * NSEC_PER_MSEC)

static struct {
	uint64_t now_ns, step_ns;
	uint64_t wall_ahead_ns, boot_ahead_ns; /* of CLOCK_REALTIME and of CLOCK_BOOTTIME */
} fake_clock;

int __wrap_clock_gettime(clockid_t clock, struct timespec *ts);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ts)
{
	uint64_t now;

	fake_clock.now_ns += fake_clock.step_ns;
	now = fake_clock.now_ns;
	if (clock == CLOCK_REALTIME)
		now += fake_clock.wall_ahead_ns;
	if (clock == CLOCK_BOOTTIME)
		now += fake_clock.boot_ahead_ns;
	ts->tv_sec = (time_t)(now / NSEC_PER_SEC);
	ts->tv_nsec = (long)(now % NSEC_PER_SEC);
	return 0;
}

struct fixture {
	struct world world;
	int count_fds[WORLD_CPUS][2]; /* pipes that the events' counts are read from */
	int fds[WORLD_CPUS];
	int signal_fds[2];
	struct sockets sockets;
	struct cpu_watch cpus;		  /* watches nothing */
	struct counter_readings counters; /* reads nothing */
	struct priority priority;
	struct clock_steps clock_steps;
	struct child child;
	struct record_options options;
	struct record_loop loop;
};

/* A ring's owner that is always readable makes the loop turn without a pause. */
static void fixture_open(struct fixture *f, bool is_stream, int sink_fd)
{
	memset(f, 0, sizeof(*f));
	fake_clock.now_ns = NSEC_PER_SEC;
	fake_clock.step_ns = STEP_NS;
	fake_clock.wall_ahead_ns = 10000 * NSEC_PER_SEC;
	fake_clock.boot_ahead_ns = 0;
	world_open(&f->world, &(struct world_options){.n_batches = 3, .sink_fd = sink_fd});
	for (size_t i = 0; i < WORLD_CPUS; i++) {
		f->world.cpus[i].owner = eventfd(1, EFD_CLOEXEC);
		assert_int_equal(pipe2(f->count_fds[i], O_CLOEXEC), 0);
		f->fds[i] = f->count_fds[i][0];
	}
	f->world.events.fds = f->fds;
	assert_int_equal(pipe2(f->signal_fds, O_CLOEXEC | O_NONBLOCK), 0);
	f->clock_steps.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	f->cpus = CPU_WATCH_INIT;
	f->loop = (struct record_loop){
		.drain = &f->world.drain,
		.sockets = &f->sockets,
		.cpus = &f->cpus,
		.counters = &f->counters,
		.priority = &f->priority,
		.clock_steps = &f->clock_steps,
		.child = &f->child,
		.options = &f->options,
		.signals = f->signal_fds[0],
		.is_stream = is_stream,
	};
}

static void fixture_close(struct fixture *f)
{
	for (size_t i = 0; i < WORLD_CPUS; i++) {
		close(f->world.cpus[i].owner);
		close(f->count_fds[i][0]);
		close(f->count_fds[i][1]);
	}
	close(f->signal_fds[0]);
	close(f->signal_fds[1]);
	clock_steps_done(&f->clock_steps);
	world_close(&f->world);
}

static void send_signal(struct fixture *f, uint32_t number)
{
	struct signalfd_siginfo info = {.ssi_signo = number};

	assert_int_equal(write(f->signal_fds[1], &info, sizeof(info)), sizeof(info));
}

static void run_for(struct fixture *f, uint64_t duration_ns)
{
	f->options.duration_ns = duration_ns;
	assert_int_equal(record_loop_run(&f->loop, NULL), 0);
}

static void finish(struct fixture *f)
{
	assert_int_equal(record_loop_finish(&f->loop, NULL), 0);
	world_finish(&f->world);
}

static void test_loop_ends_by_duration(void **state)
{
	struct fixture f;

	fixture_open(&f, false, 0);
	world_put_row(&f.world, 0, 1000, 0, 1);
	world_put_row(&f.world, 1, 1001, 0, 2);
	run_for(&f, 3 * NSEC_PER_SEC);
	assert_in_range(fake_clock.now_ns, 4 * NSEC_PER_SEC, 5 * NSEC_PER_SEC);
	/* What comes before the events are disabled is taken afterwards. */
	world_put_row(&f.world, 1, 1002, 0, 3);
	finish(&f);
	assert_int_equal(writer_thread_rows(f.world.writer_thread), 3);
	fixture_close(&f);
}

static void test_loop_ends_by_signal(void **state)
{
	static const uint32_t numbers[] = {SIGINT, SIGTERM, SIGHUP};

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct fixture f;

		fixture_open(&f, false, 0);
		send_signal(&f, numbers[i]);
		assert_int_equal(record_loop_run(&f.loop, NULL), 0);
		finish(&f);
		fixture_close(&f);
	}
}

/* A limit of CPU time ends a recording properly, or only its realtime priority. */
static void test_loop_at_its_limit_of_cpu_time(void **state)
{
	struct fixture f;

	fixture_open(&f, false, 0);
	send_signal(&f, SIGXCPU);
	assert_int_equal(record_loop_run(&f.loop, NULL), 0);
	finish(&f);
	fixture_close(&f);

	fixture_open(&f, false, 0);
	f.priority.is_realtime = true;
	send_signal(&f, SIGXCPU);
	run_for(&f, 3 * NSEC_PER_SEC);
	assert_true(fake_clock.now_ns >= 4 * NSEC_PER_SEC);
	assert_false(f.priority.is_realtime);
	finish(&f);
	fixture_close(&f);
}

/* SIGCHLD ends the recording only when it was the command that ended: it may have stopped. */
static void test_loop_ends_with_the_command(void **state)
{
	struct fixture f;

	fixture_open(&f, false, 0);
	send_signal(&f, SIGCHLD);
	run_for(&f, 3 * NSEC_PER_SEC);
	assert_true(fake_clock.now_ns >= 4 * NSEC_PER_SEC);
	finish(&f);
	fixture_close(&f);

	fixture_open(&f, false, 0);
	f.child.has_ended = true;
	send_signal(&f, SIGCHLD);
	assert_int_equal(record_loop_run(&f.loop, NULL), 0);
	finish(&f);
	fixture_close(&f);
}

static void test_loop_ends_when_writing_fails(void **state)
{
	int full CLEANUP(close_p) = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct fixture f;

	assert_true(full >= 0);
	fixture_open(&f, true, full);
	/* The other thread needs real time. */
	fake_clock.step_ns = 1;
	world_put_row(&f.world, 0, 1000, 0, 1);
	assert_int_equal(record_loop_run(&f.loop, NULL), 0);
	assert_true(writer_thread_has_failed(f.world.writer_thread));
	assert_int_equal(record_loop_finish(&f.loop, NULL), 0);
	fixture_close(&f);
}

/* In a file a block waits for more rows, but not long; records alone wait longer. */
static void test_loop_closes_blocks_of_a_file_by_age(void **state)
{
	struct fixture f;

	fixture_open(&f, false, 0);
	world_put_row(&f.world, 0, 1000, 0, 1);
	run_for(&f, RECORD_LOOP_BLOCK_AGE_NS / 2);
	assert_non_null(f.world.drain.batch);
	f.loop.is_stopped = false;
	run_for(&f, RECORD_LOOP_BLOCK_AGE_NS * 2);
	assert_null(f.world.drain.batch);
	finish(&f);
	fixture_close(&f);

	fixture_open(&f, false, 0);
	world_put_lost(&f.world, 0, 1000, 5);
	world_put_comm(&f.world, 0, 1000, 7, "curl");
	run_for(&f, RECORD_LOOP_RECORDS_AGE_NS / 2);
	assert_non_null(f.world.drain.batch);
	f.loop.is_stopped = false;
	run_for(&f, RECORD_LOOP_RECORDS_AGE_NS * 2);
	assert_null(f.world.drain.batch);
	finish(&f);
	fixture_close(&f);
}

/* Somebody may be reading a stream: nothing waits, and MARKs come even when nothing happens. */
static void test_loop_closes_blocks_of_a_stream_at_once(void **state)
{
	struct fixture f;

	fixture_open(&f, true, 0);
	world_put_row(&f.world, 0, 1000, 0, 1);
	run_for(&f, STEP_NS);
	assert_null(f.world.drain.batch);
	finish(&f);
	fixture_close(&f);

	fixture_open(&f, true, 0);
	run_for(&f, 60 * RECORD_LOOP_MARK_NS);
	finish(&f);
	assert_in_range(world_count_sections(&f.world, TAPE_KIND_MARK), 3, 62);
	fixture_close(&f);
}

/* A file gets one MARK after its last row, and none while nothing happens. */
static void test_loop_is_silent_in_a_quiet_file(void **state)
{
	struct fixture f;

	fixture_open(&f, false, 0);
	run_for(&f, 60 * RECORD_LOOP_MARK_NS);
	finish(&f);
	assert_in_range(world_count_sections(&f.world, TAPE_KIND_MARK), 0, 2);
	fixture_close(&f);
}

/* Clocks and counts are on the tape once a minute, so that a recorder that is killed has told
 * most. */
static void test_loop_records_counts_every_minute(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct tape_section s;
	const struct tape_meta *meta;
	struct fixture f;

	fixture_open(&f, false, 0);
	for (size_t i = 0; i < WORLD_CPUS; i++) {
		for (uint64_t count = 5; count <= 7; count++)
			assert_int_equal(write(f.count_fds[i][1], &count, 8), 8);
	}
	/* This row counts as recorded: its block is closed before the counts are read. */
	world_put_row(&f.world, 1, 1000, 0, 1);
	run_for(&f, 2 * RECORD_LOOP_COUNTS_NS + 30 * NSEC_PER_SEC);
	finish(&f);
	assert_int_equal(world_count_sections(&f.world, TAPE_KIND_TALLY), 2);
	assert_int_equal(world_count_sections(&f.world, TAPE_KIND_CLOCK), 2);
	reader = world_open_tape(&f.world);
	while (tape_reader_next(reader, NULL, NULL, &s, NULL) == 1)
		continue;
	meta = tape_reader_meta(reader);
	assert_int_equal(meta->n_tallies, 2);
	assert_int_equal(meta->tallies[1].cpu, 3);
	assert_int_equal(meta->tallies[1].counted, 6);
	assert_int_equal(meta->tallies[1].recorded, 1);
	assert_int_equal(meta->tallies[1].flags, TALLY_LOST_SHARED);
	fixture_close(&f);
}

/* Somebody sets the wall clock, or the host sleeps: the kernel wakes whoever waits for that. */
static void set_clock(struct fixture *f, int64_t ahead_ns, uint64_t slept_ns)
{
	const uint64_t one = 1;

	fake_clock.wall_ahead_ns += (uint64_t)ahead_ns + slept_ns;
	fake_clock.boot_ahead_ns += slept_ns;
	assert_int_equal(write(f->clock_steps.fd, &one, sizeof(one)), sizeof(one));
}

/* The kinds of the tape's sections that matter here, a letter each. */
static void section_letters(const struct world *w, char *to, size_t size)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = world_open_tape(w);
	struct tape_section s;
	size_t n = 0;

	while (tape_reader_next(reader, NULL, NULL, &s, NULL) == 1) {
		char letter = s.header.kind == TAPE_KIND_CLOCK	  ? 'c'
			      : s.header.kind == TAPE_KIND_SLEEPS ? 's'
			      : s.header.kind == TAPE_KIND_CHUNK  ? 'r'
								  : 0;

		if (letter && n + 1 < size)
			to[n++] = letter;
	}
	to[n] = '\0';
}

/* A step of the wall clock is on the tape at once, and before every row that is younger. */
static void test_loop_records_steps_of_the_clock(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	const struct tape_meta *meta;
	struct tape_section s;
	struct fixture f;
	char letters[16];

	fixture_open(&f, false, 0);
	world_put_row(&f.world, 0, 1000, 0, 1);
	run_for(&f, NSEC_PER_SEC);
	set_clock(&f, 3600 * (int64_t)NSEC_PER_SEC, 0);
	world_put_row(&f.world, 0, 2000, 0, 2);
	f.loop.is_stopped = false;
	run_for(&f, NSEC_PER_SEC);
	set_clock(&f, -7200 * (int64_t)NSEC_PER_SEC, 0);
	f.loop.is_stopped = false;
	run_for(&f, NSEC_PER_SEC);
	finish(&f);
	section_letters(&f.world, letters, sizeof(letters));
	assert_string_equal(letters, "rcrc");
	reader = world_open_tape(&f.world);
	while (tape_reader_next(reader, NULL, NULL, &s, NULL) == 1)
		continue;
	meta = tape_reader_meta(reader);
	assert_int_equal(meta->wall.n, 2);
	assert_int_equal(wall_clock_step(&meta->wall, 1), -7200 * (int64_t)NSEC_PER_SEC);
	assert_in_range(meta->clocks[0].mono_ns, 2 * NSEC_PER_SEC, 3 * NSEC_PER_SEC);
	fixture_close(&f);
}

/* CLOCK_MONOTONIC stands still while the host sleeps. */
static void test_loop_records_sleeps(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	const struct tape_meta *meta;
	struct tape_section s;
	struct fixture f;

	fixture_open(&f, false, 0);
	set_clock(&f, 0, 500 * NSEC_PER_SEC);
	run_for(&f, NSEC_PER_SEC);
	set_clock(&f, 5 * (int64_t)NSEC_PER_SEC, 0);
	f.loop.is_stopped = false;
	run_for(&f, NSEC_PER_SEC);
	finish(&f);
	assert_int_equal(world_count_sections(&f.world, TAPE_KIND_CLOCK), 2);
	reader = world_open_tape(&f.world);
	while (tape_reader_next(reader, NULL, NULL, &s, NULL) == 1)
		continue;
	meta = tape_reader_meta(reader);
	assert_int_equal(meta->n_sleeps, 1);
	assert_int_equal(meta->sleeps[0].slept_ns, 500 * NSEC_PER_SEC);
	assert_true(meta->sleeps[0].mono_ns <= meta->clocks[0].mono_ns);
	fixture_close(&f);
}

/* Without a free batch the clocks are read when there is one: the rows wait, too. */
static void test_loop_records_a_step_when_a_batch_is_free(void **state)
{
	struct batch *taken[3];
	struct fixture f;
	char letters[16];

	fixture_open(&f, false, 0);
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		taken[i] = writer_thread_take(f.world.writer_thread);
	set_clock(&f, 3600 * (int64_t)NSEC_PER_SEC, 0);
	world_put_row(&f.world, 0, 2000, 0, 2);
	run_for(&f, NSEC_PER_SEC);
	assert_true(f.clock_steps.is_due);
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		writer_thread_give(f.world.writer_thread, taken[i]);
	fake_clock.step_ns = 1000;
	f.loop.is_stopped = false;
	while (f.clock_steps.is_due) {
		f.loop.is_stopped = false;
		f.loop.started_ns = 0;
		run_for(&f, NSEC_PER_MSEC);
	}
	finish(&f);
	section_letters(&f.world, letters, sizeof(letters));
	assert_string_equal(letters, "cr");
	fixture_close(&f);
}

/* A drain that is open at the end has heads from before; rows after them are taken, too. */
static void test_loop_takes_the_last_rows(void **state)
{
	struct batch *taken[3];
	struct fixture f;

	fixture_open(&f, false, 0);
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		taken[i] = writer_thread_take(f.world.writer_thread);
	world_put_row(&f.world, 0, 1000, 0, 1);
	assert_int_equal(drain_run(&f.world.drain, NULL), 0);
	world_put_row(&f.world, 0, 1001, 0, 2);
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		writer_thread_give(f.world.writer_thread, taken[i]);
	finish(&f);
	assert_int_equal(writer_thread_rows(f.world.writer_thread), 2);
	fixture_close(&f);
}

struct seen {
	unsigned int n;
	struct record_status last;
};

static void see_status(void *userdata, const struct record_status *s)
{
	struct seen *seen = userdata;

	seen->n++;
	seen->last = *s;
}

static void test_loop_reports_its_status_every_second(void **state)
{
	struct seen seen = {0};
	struct fixture f;

	fixture_open(&f, false, 0);
	f.options.status = see_status;
	f.options.userdata = &seen;
	for (uint32_t i = 0; i < 100; i++)
		world_put_row(&f.world, 0, 1000 + i, 0, i);
	world_put_lost(&f.world, 0, 2000, 7);
	run_for(&f, 10 * NSEC_PER_SEC + NSEC_PER_SEC / 2);
	assert_in_range(seen.n, 9, 10);
	assert_int_equal(seen.last.events, 100);
	assert_int_equal(seen.last.events_per_s, 0);
	assert_int_equal(seen.last.lost, 7);
	assert_true(seen.last.elapsed_ns >= 9 * NSEC_PER_SEC);
	finish(&f);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loop_ends_by_duration),
		cmocka_unit_test(test_loop_ends_by_signal),
		cmocka_unit_test(test_loop_at_its_limit_of_cpu_time),
		cmocka_unit_test(test_loop_ends_with_the_command),
		cmocka_unit_test(test_loop_ends_when_writing_fails),
		cmocka_unit_test(test_loop_closes_blocks_of_a_file_by_age),
		cmocka_unit_test(test_loop_closes_blocks_of_a_stream_at_once),
		cmocka_unit_test(test_loop_is_silent_in_a_quiet_file),
		cmocka_unit_test(test_loop_records_counts_every_minute),
		cmocka_unit_test(test_loop_records_steps_of_the_clock),
		cmocka_unit_test(test_loop_records_sleeps),
		cmocka_unit_test(test_loop_records_a_step_when_a_batch_is_free),
		cmocka_unit_test(test_loop_takes_the_last_rows),
		cmocka_unit_test(test_loop_reports_its_status_every_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
