// SPDX-License-Identifier: MIT
/* Tests of merge-thread: windows become batches in order, with a thread and without one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "chunks.h"
#include "merge/merge-thread.h"
#include "support/random-tape.h"
#include "support/tape-script.h"

struct fixture {
	struct buffer tape;
	struct test_chunks chunks;
	struct chunk_cache pool;
	struct merge_thread *thread;
};

static void setup(struct fixture *f, const char *script, bool has_thread)
{
	f->tape = tape_script(script);
	test_chunks_read(&f->chunks, &f->tape);
	assert_int_equal(chunk_cache_init(&f->pool, NULL), 0);
	assert_int_equal(merge_thread_new(&f->pool, has_thread, &f->thread, NULL), 0);
}

/* No chunk is out when everything was freed. */
static void teardown(struct fixture *f)
{
	merge_thread_free(f->thread);
	assert_int_equal(chunk_cache_bytes(&f->pool), 0);
	chunk_cache_done(&f->pool);
	test_chunks_done(&f->chunks);
	buffer_done(&f->tape);
}

/* Gives a window of the chunks first to last - 1. */
static void give(struct fixture *f, size_t first, size_t last, uint64_t limit, bool is_last)
{
	struct merge_window *w = merge_thread_open(f->thread);

	for (size_t i = first; i < last; i++)
		assert_int_equal(merge_window_add(w, test_chunk_rows(&f->chunks, i, &f->pool)), 0);
	w->limit = limit;
	w->is_last = is_last;
	w->keep_bytes = SIZE_MAX;
	merge_thread_give(f->thread);
}

/* The times of all rows of the window come in this order. */
static void assert_window(struct fixture *f, const uint64_t *times, size_t n)
{
	struct merge_batch *b;
	size_t i = 0;

	do {
		b = merge_thread_next(f->thread);
		assert_non_null(b);
		assert_int_equal(b->err, 0);
		for (size_t k = 0; k < b->n_rows; k++) {
			assert_true(i < n);
			assert_int_equal(b->rows[k].ts_ns, times[i++]);
		}
		merge_batch_free_spent(b, &f->pool);
	} while (!b->ends_window);
	assert_int_equal(i, n);
}

/* Chunks come by tracepoint: 0: 100, 300, 500; 1: 200, 400; then 0: 450, 600. */
static const char *const script = "format 0 tcp x v:4\n"
				  "format 1 tcp y v:4\n"
				  "row 0 0 100 v=1\n"
				  "row 0 0 300 v=2\n"
				  "row 0 1 500 v=3\n"
				  "row 1 0 200 v=4\n"
				  "row 1 0 400 v=5\n"
				  "mark 350\n"
				  "row 0 0 450 v=6\n"
				  "row 0 0 600 v=7\n"
				  "mark 550\n"
				  "finish\n";

static void test_merge_thread_keeps_rows_from_the_limit_on(void **state)
{
	for (int has_thread = 0; has_thread < 2; has_thread++) {
		struct fixture f;

		setup(&f, script, has_thread);
		give(&f, 0, 2, 400, false);
		assert_window(&f, (const uint64_t[]){100, 200, 300}, 3);
		give(&f, 2, 3, 550, false);
		assert_window(&f, (const uint64_t[]){400, 450, 500}, 3);
		give(&f, 3, 3, 550, true);
		assert_window(&f, (const uint64_t[]){600}, 1);
		assert_null(merge_thread_next(f.thread));
		teardown(&f);
	}
}

/* Nothing may be read before the window before it is used up, or a stream would wait. */
static void test_merge_thread_has_room_for_one_window_without_a_thread(void **state)
{
	struct fixture f;

	setup(&f, script, false);
	assert_true(merge_thread_has_room(f.thread));
	give(&f, 0, 1, 350, false);
	assert_false(merge_thread_has_room(f.thread));
	assert_window(&f, (const uint64_t[]){100, 300}, 2);
	assert_true(merge_thread_has_room(f.thread));
	teardown(&f);

	setup(&f, script, true);
	give(&f, 0, 1, 350, false);
	assert_true(merge_thread_has_room(f.thread));
	give(&f, 1, 2, 550, false);
	assert_false(merge_thread_has_room(f.thread));
	teardown(&f);
}

/* More memory than may be kept: rows go although none of them is complete. */
static void test_merge_thread_lets_rows_go_early(void **state)
{
	for (int has_thread = 0; has_thread < 2; has_thread++) {
		struct merge_window *w;
		struct fixture f;

		setup(&f, script, has_thread);
		w = merge_thread_open(f.thread);
		for (size_t i = 0; i < 2; i++)
			assert_int_equal(
				merge_window_add(w, test_chunk_rows(&f.chunks, i, &f.pool)), 0);
		/* Chunk 1, of the rows 200 and 400, is the first one that is used up. */
		w->keep_bytes = w->bytes - 1;
		merge_thread_give(f.thread);
		assert_window(&f, (const uint64_t[]){100, 200, 300, 400}, 4);
		teardown(&f);
	}
}

static void test_merge_thread_goes_on_after_an_empty_window(void **state)
{
	struct fixture f;

	setup(&f, script, true);
	give(&f, 0, 0, 50, false);
	assert_window(&f, NULL, 0);
	give(&f, 0, 1, 50, false);
	assert_window(&f, NULL, 0);
	give(&f, 1, 1, 50, true);
	assert_window(&f, (const uint64_t[]){100, 300, 500}, 3);
	teardown(&f);
}

/* Windows that nobody asked for, and batches that nobody took, are freed. */
static void test_merge_thread_ends_at_any_point(void **state)
{
	const struct random_options o = {
		.seed = 3, .n_rows = 20000, .n_cpus = 3, .n_tracepoints = 2, .block_max = 20000};
	struct random_tape t = random_tape(&o);

	for (int how = 0; how < 4; how++) {
		struct fixture f = {0};

		test_chunks_read(&f.chunks, &t.tape);
		assert_int_equal(chunk_cache_init(&f.pool, NULL), 0);
		assert_int_equal(merge_thread_new(&f.pool, how != 3, &f.thread, NULL), 0);
		give(&f, 0, f.chunks.n, 0, true);
		for (int i = 0; i < how; i++) {
			struct merge_batch *b = merge_thread_next(f.thread);

			assert_int_equal(b->n_rows, MERGE_BATCH_ROWS);
			merge_batch_free_spent(b, &f.pool);
		}
		teardown(&f);
	}
	random_tape_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge_thread_keeps_rows_from_the_limit_on),
		cmocka_unit_test(test_merge_thread_has_room_for_one_window_without_a_thread),
		cmocka_unit_test(test_merge_thread_lets_rows_go_early),
		cmocka_unit_test(test_merge_thread_goes_on_after_an_empty_window),
		cmocka_unit_test(test_merge_thread_ends_at_any_point),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
