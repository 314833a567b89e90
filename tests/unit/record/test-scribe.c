// SPDX-License-Identifier: MIT
/*
 * scribe: batches into a tape in memory, and what happens when writing fails.
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

#include "record/scribe.h"
#include "tape/check.h"

struct world {
	struct buffer tape;
	struct sink sink;
	struct tape_writer *writer;
	struct scrub *scrub;
	struct scribe_tracepoint places;
	struct scribe *scribe;
};

static void world_open(struct world *w, int fd)
{
	struct scrub_options scrub = {.kallsyms = "/nonexistent", .dense_max = 1000};
	struct scribe_options options;

	memset(w, 0, sizeof(*w));
	w->sink = fd < 0 ? sink_memory(&w->tape) : sink_fd(fd, "full");
	assert_int_equal(tape_writer_new(&w->sink, 1, &w->writer, NULL), 0);
	assert_int_equal(scrub_new(&scrub, &w->scrub, NULL), 0);
	options = (struct scribe_options){.writer = w->writer,
					  .scrub = w->scrub,
					  .tracepoints = &w->places,
					  .n_tracepoints = 1,
					  .n_batches = 3};
	assert_int_equal(scribe_start(&options, &w->scribe, NULL), 0);
}

static void world_close(struct world *w)
{
	scribe_free(w->scribe);
	scrub_free(w->scrub);
	tape_writer_free(w->writer);
	buffer_done(&w->tape);
}

static struct batch *take(struct world *w)
{
	struct batch *b;

	while (!(b = scribe_take(w->scribe))) {
		struct pollfd p = {.fd = scribe_wake_fd(w->scribe), .events = POLLIN};

		assert_int_equal(poll(&p, 1, 10000), 1);
		scribe_wake_clear(w->scribe);
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

static void test_scribe_order_and_counts(void **state)
{
	struct source *source = NULL;
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct check_result result;
	struct world w;

	world_open(&w, -1);
	for (uint32_t i = 0; i < 50; i++) {
		struct batch *b = take(&w);

		fill(b, 1000 * (i + 1), 100, i == 0);
		scribe_give(w.scribe, b);
	}
	assert_int_equal(scribe_stop(w.scribe, NULL), 0);
	assert_int_equal(scribe_rows(w.scribe), 5000);
	assert_int_equal(scribe_bytes(w.scribe), w.tape.len);
	assert_int_equal(tape_writer_finish(w.writer, NULL), 0);
	assert_int_equal(source_open_memory(w.tape.data, w.tape.len, &source), 0);
	assert_int_equal(tape_reader_open(source, &reader, NULL), 0);
	assert_int_equal(tape_check(reader, NULL, &result, NULL), 0);
	assert_int_equal(result.n_rows, 5000);
	assert_int_equal(result.n_chunks, 50);
	assert_int_equal(result.bad_chunks, 0);
	assert_int_equal(meta_chain(tape_reader_meta(reader), 1)->n_frames, 2);
	world_close(&w);
}

/* After a failure batches still come back, the pump is woken, and the verdict says why. */
static void test_scribe_failure(void **state)
{
	int full CLEANUP(close_p) = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct fault fault = FAULT_INIT;
	struct world w;

	assert_true(full >= 0);
	world_open(&w, full);
	for (int i = 0; i < 10; i++) {
		struct batch *b = take(&w);

		fill(b, 1000, 10, 0);
		scribe_give(w.scribe, b);
	}
	assert_int_equal(scribe_stop(w.scribe, &fault), -ENOSPC);
	assert_true(scribe_has_failed(w.scribe));
	assert_int_equal(scribe_rows(w.scribe), 0);
	assert_true(fault.text[0]);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scribe_order_and_counts),
		cmocka_unit_test(test_scribe_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
