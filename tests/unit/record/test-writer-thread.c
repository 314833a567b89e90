// SPDX-License-Identifier: MIT
/*
 * writer thread: batches into a tape in memory, and what happens when writing fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include <fcntl.h>
#include <poll.h>

#include "record/writer-thread.h"
#include "tape/check.h"

struct world {
	struct buffer tape;
	struct sink sink;
	struct tape_writer *writer;
	struct anonymiser *anonymiser;
	struct block_tracepoint places;
	struct writer_thread *writer_thread;
};

static void world_open(struct world *w, int fd)
{
	struct anonymiser_options anonymiser = {.kallsyms = "/nonexistent", .dense_max = 1000};
	struct writer_thread_options options;

	memset(w, 0, sizeof(*w));
	w->sink = fd < 0 ? sink_memory(&w->tape) : sink_fd(fd, "full");
	assert_int_equal(tape_writer_new(&w->sink, 1, &w->writer, NULL), 0);
	assert_int_equal(anonymiser_new(&anonymiser, &w->anonymiser, NULL), 0);
	options = (struct writer_thread_options){.block = {.writer = w->writer,
							   .anonymiser = w->anonymiser,
							   .tracepoints = &w->places},
						 .n_tracepoints = 1,
						 .n_batches = 3};
	assert_int_equal(writer_thread_start(&options, &w->writer_thread, NULL), 0);
}

static void world_close(struct world *w)
{
	writer_thread_free(w->writer_thread);
	anonymiser_free(w->anonymiser);
	tape_writer_free(w->writer);
	buffer_done(&w->tape);
}

static struct batch *take(struct world *w)
{
	struct batch *b;

	while (!(b = writer_thread_take(w->writer_thread))) {
		struct pollfd p = {.fd = writer_thread_wake_fd(w->writer_thread), .events = POLLIN};

		assert_int_equal(poll(&p, 1, 10000), 1);
		writer_thread_wake_clear(w->writer_thread);
	}
	return b;
}

static void fill(struct batch *b, uint64_t time, uint32_t n, uint32_t chain)
{
	const uint64_t frames[] = {0xffffffff81000000, 0xffffffff81000100};
	uint8_t data[40] = {1, 2, 3};

	if (chain)
		assert_int_equal(batch_add_chain(b, chain, frames, 2), 0);
	for (uint32_t i = 0; i < n; i++) {
		struct batch_row row = {.len = 40,
					.cpu = i / 10,
					.time = time + i,
					.data = data,
					.has_chain = true,
					.chain = chain};

		assert_int_equal(batch_add(b, &row), 0);
	}
	b->complete_until = time;
}

static void test_writer_thread_order_and_counts(void **state)
{
	struct source *source = NULL;
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct check_result result;
	const uint64_t *chain;
	struct world w;

	world_open(&w, -1);
	for (uint32_t i = 0; i < 50; i++) {
		struct batch *b = take(&w);

		fill(b, 1000 * (i + 1), 100, i == 0);
		writer_thread_give(w.writer_thread, b);
	}
	assert_int_equal(writer_thread_stop(w.writer_thread, NULL), 0);
	assert_int_equal(writer_thread_rows(w.writer_thread), 5000);
	assert_int_equal(writer_thread_bytes(w.writer_thread), w.tape.len);
	assert_int_equal(tape_writer_finish(w.writer, NULL), 0);
	assert_int_equal(source_open_memory(w.tape.data, w.tape.len, &source), 0);
	assert_int_equal(tape_reader_open(source, &reader, NULL), 0);
	assert_int_equal(tape_check(reader, NULL, &result, NULL), 0);
	assert_int_equal(result.n_rows, 5000);
	assert_int_equal(result.n_chunks, 50);
	assert_int_equal(result.bad_chunks, 0);
	chain = map_get(&tape_reader_meta(reader)->chains, 1);
	assert_non_null(chain);
	assert_int_equal(((const struct tape_chain *)(uintptr_t)*chain)->n_frames, 2);
	world_close(&w);
}

/* After a failure batches are still given back, the record loop is woken, and the fault says
 * why. */
static void test_writer_thread_failure(void **state)
{
	int full CLEANUP(close_p) = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct fault fault = FAULT_INIT;
	struct world w;

	assert_true(full >= 0);
	world_open(&w, full);
	for (int i = 0; i < 10; i++) {
		struct batch *b = take(&w);

		fill(b, 1000, 10, 0);
		writer_thread_give(w.writer_thread, b);
	}
	assert_int_equal(writer_thread_stop(w.writer_thread, &fault), -ENOSPC);
	assert_true(writer_thread_has_failed(w.writer_thread));
	assert_int_equal(writer_thread_rows(w.writer_thread), 0);
	assert_true(fault.text[0]);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writer_thread_order_and_counts),
		cmocka_unit_test(test_writer_thread_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
