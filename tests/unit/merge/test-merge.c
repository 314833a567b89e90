// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "support/random-tape.h"
#include "support/tape-script.h"
#include "merge/merge.h"

static const struct merge_options all = {.until_ns = UINT64_MAX};

static struct tape_reader *reader_of(struct source *source)
{
	struct tape_reader *r = NULL;
	struct fault fault = FAULT_INIT;

	if (tape_reader_open(source, &r, &fault) < 0)
		fail_msg("%s", fault.text);
	return r;
}

static struct tape_reader *memory_reader(const struct buffer *b)
{
	struct source *source = NULL;

	assert_int_equal(source_open_memory(b->data, b->len, &source), 0);
	return reader_of(source);
}

static struct tape_merge *merge_of(struct tape_reader *r, const struct merge_options *ops)
{
	struct tape_merge *m = NULL;

	assert_int_equal(tape_merge_new(r, ops, &m, NULL), 0);
	return m;
}

/* Rows with equal time and CPU of different tracepoints come by their place on the tape, which a
 * random tape does not predict: they are looked up among their equals. */
static void assert_next_is_one_of(const struct random_tape *t, size_t at, bool *seen,
				  const struct tape_row *row)
{
	for (size_t i = at; i < t->n_rows && t->rows[i].ts_ns == row->ts_ns; i++) {
		if (!seen[i] && t->rows[i].cpu == row->cpu && expected_row_is(&t->rows[i], row)) {
			seen[i] = true;
			return;
		}
	}
	fail_msg("row %zu: unexpected one at %llu", at, (unsigned long long)row->ts_ns);
}

static void assert_all_rows(struct tape_reader *take_reader, const struct random_tape *t)
{
	struct tape_reader *r CLEANUP(tape_reader_close_p) = take_reader;
	struct tape_merge *m CLEANUP(tape_merge_free_p) = merge_of(r, &all);
	bool *seen CLEANUP(free_p) = calloc(t->n_rows + 1, sizeof(bool));
	size_t n = 0, first = 0;
	const struct tape_row *row;

	while (tape_merge_next(m, &row, NULL) > 0) {
		assert_true(n < t->n_rows);
		assert_int_equal(row->ts_ns, t->rows[n].ts_ns);
		assert_int_equal(row->cpu, t->rows[n].cpu);
		while (t->rows[first].ts_ns != row->ts_ns)
			first++;
		assert_next_is_one_of(t, first, seen, row);
		n++;
	}
	assert_int_equal(n, t->n_rows);
	assert_int_equal(tape_merge_late(m), 0);
	assert_false(tape_damage_any(tape_reader_damage(r)));
	assert_int_equal(tape_reader_meta(r)->n_rows, t->n_rows);
}

static void test_merge_round_trip(void **state)
{
	for (uint32_t seed = 1; seed <= 60; seed++) {
		struct random_options o = {
			.seed = seed,
			.n_rows = seed * 37 % 2500,
			.n_cpus = 1 + seed % 9,
			.n_tracepoints = 1 + seed % 8,
			.block_max = 1 + seed * seed % 700,
			.has_nesting = seed % 3 == 0,
			.has_jumps = seed % 4 == 0,
		};
		struct random_tape t = random_tape(&o);

		assert_all_rows(memory_reader(&t.tape), &t);
		random_tape_done(&t);
	}
}

/* What reading came to. */
struct outcome {
	uint64_t sum; /* of all rows, in their order */
	uint64_t n, late, n_meta_rows;
	struct tape_damage damage;
};

static struct outcome outcome_of(const struct buffer *tape, const struct merge_options *ops,
				 size_t most)
{
	struct tape_reader *r CLEANUP(tape_reader_close_p) = memory_reader(tape);
	struct tape_merge *m CLEANUP(tape_merge_free_p) = merge_of(r, ops);
	struct outcome o = {0};
	const struct tape_row *row;

	while (o.n < most && tape_merge_next(m, &row, NULL) > 0) {
		o.sum = (o.sum ^ row->ts_ns ^ (uint64_t)row->cpu << 40) * 0x100000001b3ULL;
		o.sum = (o.sum ^ row->chain ^ row->tracepoint->index) * 0x100000001b3ULL;
		o.sum ^= section_sum(row->data, row->len);
		o.n++;
	}
	if (o.n == most)
		return o;
	o.late = tape_merge_late(m);
	o.n_meta_rows = tape_reader_meta(r)->n_rows;
	o.damage = *tape_reader_damage(r);
	return o;
}

/* Whole tapes and damaged ones, read to the end and not. */
static void test_merge_threads_change_nothing(void **state)
{
	for (uint32_t seed = 1; seed <= 120; seed++) {
		const struct random_options options = {
			.seed = seed,
			.n_rows = seed * 53 % 6000,
			.n_cpus = 1 + seed % 5,
			.n_tracepoints = 1 + seed % 8,
			.block_max = 1 + seed * seed % 900,
			.has_nesting = seed % 3 == 0,
		};
		struct merge_options ops = {.until_ns = UINT64_MAX};
		struct random_tape t = random_tape(&options);
		size_t most = seed % 5 == 4 ? t.n_rows / 2 : SIZE_MAX;
		size_t place = t.tape.len / 3 + seed * 7919 % (t.tape.len / 2);
		struct outcome plain, threaded;

		if (seed % 4 == 1)
			t.tape.data[place] ^= (uint8_t)(1u << seed % 8);
		if (seed % 4 == 2)
			t.tape.len = place;
		plain = outcome_of(&t.tape, &ops, most);
		ops.n_threads = 1 + seed % 3;
		threaded = outcome_of(&t.tape, &ops, most);
		assert_memory_equal(&plain, &threaded, sizeof(plain));
		random_tape_done(&t);
	}
}

static void test_merge_rows_of_a_large_chunk(void **state)
{
	struct random_options o = {
		.seed = 5, .n_rows = 150000, .n_cpus = 3, .n_tracepoints = 1, .block_max = 150000};
	struct random_tape t = random_tape(&o);

	assert_all_rows(memory_reader(&t.tape), &t);
	random_tape_done(&t);
}

struct feeder {
	const struct buffer *tape;
	int fd;
};

static void *feed(void *arg)
{
	struct feeder *f = arg;
	size_t step = 1;

	for (size_t at = 0; at < f->tape->len; at += step) {
		step = (at * 7 + 13) % 5000 + 1;
		if (step > f->tape->len - at)
			step = f->tape->len - at;
		if (io_write_all(f->fd, f->tape->data + at, step) < 0)
			break;
	}
	close(f->fd);
	return NULL;
}

static void test_merge_file_and_stream_give_the_same(void **state)
{
	struct random_options o = {.seed = 9,
				   .n_rows = 20000,
				   .n_cpus = 4,
				   .n_tracepoints = 5,
				   .block_max = 3000,
				   .has_nesting = true};
	struct random_tape t = random_tape(&o);
	char path[] = "/tmp/tcptape-test-XXXXXX", fd_path[64];
	int fd = mkstemp(path), fds[2];
	struct source *source = NULL;
	struct feeder feeder;
	pthread_t thread;

	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, t.tape.data, t.tape.len), 0);
	close(fd);
	assert_int_equal(source_open(path, &source, NULL), 0);
	assert_all_rows(reader_of(source), &t);
	unlink(path);

	assert_int_equal(pipe(fds), 0);
	feeder = (struct feeder){.tape = &t.tape, .fd = fds[1]};
	pthread_create(&thread, NULL, feed, &feeder);
	snprintf(fd_path, sizeof(fd_path), "/dev/fd/%d", fds[0]);
	assert_int_equal(source_open(fd_path, &source, NULL), 0);
	close(fds[0]);
	assert_all_rows(reader_of(source), &t);
	pthread_join(thread, NULL);
	random_tape_done(&t);
}

/* The write end stays open: what is complete must come out although nothing follows. */
static void test_merge_does_not_wait_for_what_is_not_sent(void **state)
{
	struct buffer tape CLEANUP(buffer_done) = tape_script("host a b\n"
							      "format 0 tcp x v:4\n"
							      "row 0 0 100 v=1\n"
							      "row 0 0 200 v=2\n"
							      "mark 150\n");
	struct tape_reader *r CLEANUP(tape_reader_close_p) = NULL;
	struct tape_merge *m CLEANUP(tape_merge_free_p) = NULL;
	struct source *source = NULL;
	const struct tape_row *row;
	char path[64];
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(io_write_all(fds[1], tape.data, tape.len), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", fds[0]);
	assert_int_equal(source_open(path, &source, NULL), 0);
	r = reader_of(source);
	m = merge_of(r, &all);
	alarm(10);
	assert_int_equal(tape_merge_next(m, &row, NULL), 1);
	alarm(0);
	assert_int_equal(row->ts_ns, 100);
	close(fds[1]);
	close(fds[0]);
	assert_int_equal(tape_merge_next(m, &row, NULL), 1);
	assert_int_equal(row->ts_ns, 200);
	assert_int_equal(tape_merge_next(m, &row, NULL), 0);
	assert_true(tape_reader_damage(r)->is_unfinished);
}

static void test_merge_counts_late_rows(void **state)
{
	struct buffer tape CLEANUP(buffer_done) = tape_script("format 0 tcp x v:4\n"
							      "row 0 0 100 v=1\n"
							      "row 0 1 300 v=2\n"
							      "mark 400\n"
							      "row 0 0 200 v=3\n"
							      "row 0 0 500 v=4\n"
							      "mark 600\n"
							      "finish\n");
	struct tape_reader *r CLEANUP(tape_reader_close_p) = memory_reader(&tape);
	struct tape_merge *m CLEANUP(tape_merge_free_p) = merge_of(r, &all);
	static const uint64_t merge_thread[] = {100, 300, 200, 500};
	const struct tape_row *row;

	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(tape_merge_next(m, &row, NULL), 1);
		assert_int_equal(row->ts_ns, merge_thread[i]);
	}
	assert_int_equal(tape_merge_next(m, &row, NULL), 0);
	assert_int_equal(tape_merge_next(m, &row, NULL), 0);
	assert_int_equal(tape_merge_late(m), 1);
}

/* A late row is shown at once, because all before it are said to be complete. A damaged tape may
 * have a MARK that says less than one before it: that takes nothing back. */
static void test_merge_marks_that_say_less(void **state)
{
	struct buffer tape CLEANUP(buffer_done) = tape_script("format 0 tcp x v:4\n"
							      "row 0 0 390 v=1\n"
							      "mark 400\n"
							      "mark 350\n"
							      "row 0 0 380 v=2\n"
							      "mark 340\n"
							      "row 0 0 360 v=3\n"
							      "mark 600\n"
							      "finish\n");
	struct tape_reader *r CLEANUP(tape_reader_close_p) = memory_reader(&tape);
	struct tape_merge *m CLEANUP(tape_merge_free_p) = merge_of(r, &all);
	static const uint64_t times[] = {390, 380, 360};
	const struct tape_row *row;

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		assert_int_equal(tape_merge_next(m, &row, NULL), 1);
		assert_int_equal(row->ts_ns, times[i]);
	}
	assert_int_equal(tape_merge_next(m, &row, NULL), 0);
	assert_int_equal(tape_merge_late(m), 2);
}

struct log {
	char text[512];
	size_t len;
};

static int log_task(void *userdata, const struct task_record *task)
{
	struct log *l = userdata;

	l->len += (size_t)snprintf(l->text + l->len, sizeof(l->text) - l->len, "%s@%llu ",
				   task->comm, (unsigned long long)task->ts_ns);
	return 0;
}

static void test_merge_tasks_in_order_with_rows(void **state)
{
	struct buffer tape CLEANUP(buffer_done) = tape_script("format 0 tcp x v:4\n"
							      "task 900 snapshot 1 1 0 init\n"
							      "task 350 comm 2 2 0 late\n"
							      "task 150 comm 2 2 0 early\n"
							      "task 300 comm 2 2 0 same\n"
							      "row 0 0 100 v=1\n"
							      "row 0 1 300 v=2\n"
							      "mark 320\n"
							      "row 0 0 400 v=4\n"
							      "task 9999 comm 2 2 0 last\n"
							      "mark 600\n"
							      "finish\n");
	struct log log = {0};
	struct merge_options ops = {.until_ns = UINT64_MAX, .task = log_task, .userdata = &log};
	struct tape_reader *r CLEANUP(tape_reader_close_p) = memory_reader(&tape);
	struct tape_merge *m CLEANUP(tape_merge_free_p) = merge_of(r, &ops);
	const struct tape_row *row;

	while (tape_merge_next(m, &row, NULL) > 0)
		log.len += (size_t)snprintf(log.text + log.len, sizeof(log.text) - log.len, "%llu ",
					    (unsigned long long)row->ts_ns);
	assert_string_equal(log.text,
			    "init@900 100 early@150 same@300 300 late@350 400 last@9999 ");
	assert_int_equal(tape_reader_meta(r)->n_tasks, 5);
}

static bool wants_second(void *userdata, const struct tape_tracepoint *tp)
{
	return tp->index == 1;
}

static void test_merge_wants_and_times(void **state)
{
	struct random_options o = {.seed = 3,
				   .n_rows = 3000,
				   .n_cpus = 4,
				   .n_tracepoints = 3,
				   .block_max = 200,
				   .has_nesting = true};
	struct random_tape t = random_tape(&o);
	uint64_t since = t.rows[1000].ts_ns, until = t.rows[2000].ts_ns;
	struct merge_options ops = {.wants = wants_second, .since_ns = since, .until_ns = until};
	struct tape_reader *r CLEANUP(tape_reader_close_p) = memory_reader(&t.tape);
	struct tape_merge *m CLEANUP(tape_merge_free_p) = merge_of(r, &ops);
	size_t n = 0, expected = 0;
	const struct tape_row *row;

	for (size_t i = 0; i < t.n_rows; i++)
		expected += t.rows[i].tracepoint == 1 && t.rows[i].ts_ns >= since &&
			    t.rows[i].ts_ns < until;
	while (tape_merge_next(m, &row, NULL) > 0) {
		assert_int_equal(row->tracepoint->index, 1);
		assert_true(row->ts_ns >= since && row->ts_ns < until);
		n++;
	}
	assert_int_equal(n, expected);
	assert_int_equal(tape_reader_meta(r)->n_rows, t.n_rows);
	random_tape_done(&t);
}

/* Bytes are lost inside chunks that nobody looks into: what is behind them still comes. */
static void test_merge_finds_loss_in_chunks_it_skips(void **state)
{
	struct random_options o = {
		.seed = 4, .n_rows = 600, .n_cpus = 2, .n_tracepoints = 2, .block_max = 100};
	struct merge_options ops = {.wants = wants_second, .until_ns = UINT64_MAX};
	struct random_tape t = random_tape(&o);
	size_t at = 0, n_chunks = 0, wanted = 0;

	while (at < t.tape.len) {
		struct tape_reader *r CLEANUP(tape_reader_close_p) = NULL;
		struct tape_merge *m CLEANUP(tape_merge_free_p) = NULL;
		struct buffer b CLEANUP(buffer_done) = {0};
		struct section_header h;
		const struct tape_row *row;
		size_t n = 0;

		assert_int_equal(section_header_decode(t.tape.data + at, &h, NULL), 0);
		if (h.kind == TAPE_KIND_CHUNK && h.subject == 1)
			wanted += h.count;
		at += TAPE_HEADER_LEN + h.stored_len;
		if (h.kind != TAPE_KIND_CHUNK || h.subject != 0)
			continue;
		/* The last 3 bytes of its payload go. */
		assert_int_equal(buffer_append(&b, t.tape.data, at - 3), 0);
		assert_int_equal(buffer_append(&b, t.tape.data + at, t.tape.len - at), 0);
		r = memory_reader(&b);
		m = merge_of(r, &ops);
		while (tape_merge_next(m, &row, NULL) > 0)
			n++;
		assert_int_equal(tape_reader_damage(r)->bad_sections, 1);
		assert_int_equal(tape_reader_damage(r)->missing_sections, 0);
		assert_int_equal(tape_reader_meta(r)->n_rows, t.n_rows - h.count);
		assert_int_equal(n, tape_reader_meta(r)->tracepoints[1]->rows);
		n_chunks++;
	}
	assert_true(n_chunks > 3 && wanted > 100);
	random_tape_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge_round_trip),
		cmocka_unit_test(test_merge_threads_change_nothing),
		cmocka_unit_test(test_merge_rows_of_a_large_chunk),
		cmocka_unit_test(test_merge_file_and_stream_give_the_same),
		cmocka_unit_test(test_merge_does_not_wait_for_what_is_not_sent),
		cmocka_unit_test(test_merge_counts_late_rows),
		cmocka_unit_test(test_merge_marks_that_say_less),
		cmocka_unit_test(test_merge_tasks_in_order_with_rows),
		cmocka_unit_test(test_merge_wants_and_times),
		cmocka_unit_test(test_merge_finds_loss_in_chunks_it_skips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
