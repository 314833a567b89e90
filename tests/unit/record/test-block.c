// SPDX-License-Identifier: MIT
/*
 * block: which sections a batch becomes, in which order, and what is in them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "record/block.h"
#include "tape/reader.h"

#define CODE 0xffffffff81000110ULL
#define HEAP 0xffff888100000000ULL

struct world {
	char kallsyms[64];
	struct buffer tape;
	struct sink sink;
	struct tape_writer *writer;
	struct anonymiser *anonymiser;
	struct block_tracepoint tracepoint;
	struct block_writer options;
	struct block_scratch scratch;
	struct batch *batch;
};

static void world_open(struct world *w, int sink_fd_or_0)
{
	static const char list[] = "ffffffff81000000 T _text\nffffffff81000100 t tcp_ack\n";
	struct anonymiser_options anonymiser = {.kallsyms = w->kallsyms, .dense_max = 1000};
	int fd;

	memset(w, 0, sizeof(*w));
	snprintf(w->kallsyms, sizeof(w->kallsyms), "/tmp/test-block-XXXXXX");
	fd = mkstemp(w->kallsyms);
	assert_int_equal(write(fd, list, sizeof(list) - 1), sizeof(list) - 1);
	close(fd);
	w->sink = sink_fd_or_0 ? sink_fd(sink_fd_or_0, "sink") : sink_memory(&w->tape);
	assert_int_equal(tape_writer_new(&w->sink, 1, &w->writer, NULL), 0);
	assert_int_equal(anonymiser_new(&anonymiser, &w->anonymiser, NULL), 0);
	assert_int_equal(batch_new(1, &w->batch), 0);
	w->tracepoint = (struct block_tracepoint){
		.fields = {{.offset = 0, .size = 8, .is_pointer = true}}, .n_fields = 1};
	w->options = (struct block_writer){
		.writer = w->writer, .anonymiser = w->anonymiser, .tracepoints = &w->tracepoint};
}

static void world_close(struct world *w)
{
	batch_free(w->batch);
	block_scratch_done(&w->scratch);
	anonymiser_free(w->anonymiser);
	tape_writer_free(w->writer);
	buffer_done(&w->tape);
	unlink(w->kallsyms);
}

static void add_rows(struct world *w, uint32_t n)
{
	const uint64_t chain[] = {CODE, CODE + 1};

	assert_int_equal(batch_add_chain(w->batch, 1, chain, 2), 0);
	for (uint32_t i = 0; i < n; i++) {
		const uint64_t data[2] = {HEAP + 64 * (i % 2), i};
		struct batch_row row = {.len = sizeof(data),
					.has_chain = true,
					.chain = 1,
					.time = 1000 + i,
					.data = (const uint8_t *)data};

		assert_int_equal(batch_add(w->batch, &row), 0);
	}
}

static void add_records(struct world *w)
{
	struct task_record task = {.what = TASK_COMM, .pid = 5, .tid = 5, .comm = "curl"};
	struct loss_record loss = {.count = 3};
	struct clock_record clock = {.mono_ns = 9};
	struct sleep_record sleep = {.mono_ns = 8};
	struct tally_record tally = {.counted = 1};
	struct batch *b = w->batch;

	assert_int_equal(task_record_encode(&b->tasks.records, &task), 0);
	batch_records_count(&b->tasks, 500);
	batch_records_count(&b->tasks, 400);
	b->tasks.n = 1;
	assert_int_equal(loss_record_encode(&b->losses.records, &loss), 0);
	batch_records_count(&b->losses, 501);
	assert_int_equal(clock_record_encode(&b->clocks.records, &clock), 0);
	batch_records_count(&b->clocks, 502);
	assert_int_equal(sleep_record_encode(&b->sleeps.records, &sleep), 0);
	batch_records_count(&b->sleeps, 502);
	assert_int_equal(tally_record_encode(&b->tallies.records, &tally), 0);
	batch_records_count(&b->tallies, 503);
}

static bool wants_all(void *userdata, const struct section_header *h)
{
	return true;
}

static struct tape_reader *open_tape(struct world *w)
{
	struct source *source = NULL;
	struct tape_reader *reader = NULL;

	assert_int_equal(tape_writer_finish(w->writer, NULL), 0);
	assert_int_equal(source_open_memory(w->tape.data, w->tape.len, &source), 0);
	assert_int_equal(tape_reader_open(source, &reader, NULL), 0);
	return reader;
}

/* A reader that follows the tape needs names and clocks before rows. */
static void test_block_order_of_sections(void **state)
{
	static const uint16_t kinds[] = {TAPE_KIND_SYMBOLS, TAPE_KIND_CHAINS, TAPE_KIND_TASKS,
					 TAPE_KIND_LOSS,    TAPE_KIND_SLEEPS, TAPE_KIND_CLOCK,
					 TAPE_KIND_CHUNK,   TAPE_KIND_MARK,   TAPE_KIND_TALLY};
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct tape_section s;
	uint64_t n_rows = 7;
	struct world w;

	world_open(&w, 0);
	add_rows(&w, 10);
	add_records(&w);
	assert_int_equal(block_write(w.batch, &w.options, &w.scratch, &n_rows, NULL), 0);
	assert_int_equal(n_rows, 17);
	reader = open_tape(&w);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		assert_int_equal(tape_reader_next(reader, wants_all, NULL, &s, NULL), 1);
		assert_int_equal(s.header.kind, kinds[i]);
		if (kinds[i] == TAPE_KIND_TASKS) {
			assert_int_equal(s.header.time_from, 400);
			assert_int_equal(s.header.time_to, 500);
		}
	}
	world_close(&w);
}

static const void *map_pointer(const struct map *m, uint64_t key)
{
	const uint64_t *value = map_get(m, key);

	assert_non_null(value);
	return (const void *)(uintptr_t)*value;
}

/* Kernel addresses never reach the tape: rows and chains hold ids, and code has a symbol. */
static void test_block_anonymises(void **state)
{
	const uint64_t heap = HEAP, code = CODE;
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	const struct tape_chain *chain;
	const struct tape_symbol *symbol;
	struct tape_section s;
	uint64_t n_rows = 0;
	struct world w;

	world_open(&w, 0);
	add_rows(&w, 10);
	assert_int_equal(block_write(w.batch, &w.options, &w.scratch, &n_rows, NULL), 0);
	reader = open_tape(&w);
	while (tape_reader_next(reader, wants_all, NULL, &s, NULL) == 1) {
		assert_null(memmem(s.payload, s.header.raw_len, &heap, 7));
		assert_null(memmem(s.payload, s.header.raw_len, &code, 7));
	}
	chain = map_pointer(&tape_reader_meta(reader)->chains, 1);
	assert_int_equal(chain->n_frames, 2);
	symbol = map_pointer(&tape_reader_meta(reader)->symbols, chain->frames[0]);
	assert_string_equal(symbol->name, "tcp_ack");
	symbol = map_pointer(&tape_reader_meta(reader)->symbols, chain->frames[1]);
	assert_int_equal(symbol->offset, 0x11);
	world_close(&w);
}

/* A symbol is written once, in the first block that needs it. */
static void test_block_writes_a_symbol_once(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	size_t n_symbols = 0, n_chains = 0;
	struct tape_section s;
	uint64_t n_rows = 0;
	struct world w;

	world_open(&w, 0);
	for (int i = 0; i < 3; i++) {
		add_rows(&w, 2);
		assert_int_equal(block_write(w.batch, &w.options, &w.scratch, &n_rows, NULL), 0);
		batch_reset(w.batch);
	}
	reader = open_tape(&w);
	while (tape_reader_next(reader, wants_all, NULL, &s, NULL) == 1) {
		n_symbols += s.header.kind == TAPE_KIND_SYMBOLS ? s.header.count : 0;
		n_chains += s.header.kind == TAPE_KIND_CHAINS ? s.header.count : 0;
	}
	assert_int_equal(n_symbols, 2);
	assert_int_equal(n_chains, 3);
	world_close(&w);
}

/* An empty batch is a MARK: it tells up to when the tape is complete. */
static void test_block_of_nothing_is_a_mark(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct mark_record mark;
	struct tape_section s;
	uint64_t n_rows = 0;
	struct cursor c;
	struct world w;

	world_open(&w, 0);
	w.batch->complete_until = 1234;
	w.batch->drained_ns = 5678;
	assert_int_equal(block_write(w.batch, &w.options, &w.scratch, &n_rows, NULL), 0);
	reader = open_tape(&w);
	assert_int_equal(tape_reader_next(reader, wants_all, NULL, &s, NULL), 1);
	assert_int_equal(s.header.kind, TAPE_KIND_MARK);
	c = cursor_of(s.payload, s.header.raw_len);
	assert_int_equal(mark_record_decode(&c, &mark), 1);
	assert_int_equal(mark.complete_until, 1234);
	assert_int_equal(mark.drained_ns, 5678);
	world_close(&w);
}

static void test_block_tells_why_it_failed(void **state)
{
	int full CLEANUP(close_p) = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct fault fault = FAULT_INIT;
	uint64_t n_rows = 0;
	struct world w;

	assert_true(full >= 0);
	world_open(&w, full);
	add_rows(&w, 10);
	assert_int_equal(block_write(w.batch, &w.options, &w.scratch, &n_rows, &fault), -ENOSPC);
	assert_true(fault.text[0]);
	assert_int_equal(n_rows, 0);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_block_order_of_sections),
		cmocka_unit_test(test_block_anonymises),
		cmocka_unit_test(test_block_writes_a_symbol_once),
		cmocka_unit_test(test_block_of_nothing_is_a_mark),
		cmocka_unit_test(test_block_tells_why_it_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
