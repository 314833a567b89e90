// SPDX-License-Identifier: MIT
/*
 * drain and writer thread together: records in rings of plain memory become a tape in memory.
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

#include "kernel/sample.h"
#include "record/drain.h"
#include "merge/merge.h"

#define RING_BYTES (64u << 10)
#define N_CPUS	   2u
#define TYPE	   300u

struct fake_ring {
	uint64_t head, tail;
	uint8_t *data;
};

struct world {
	struct fake_ring fakes[N_CPUS];
	struct event_cpu cpus[N_CPUS];
	struct events events;
	struct tracepoint tracepoint;
	struct writer_thread_tracepoint places;
	struct tracepoints tracepoints;
	struct event_counts event_counts;
	struct buffer tape;
	struct sink sink;
	struct tape_writer *writer;
	struct anonymiser *anonymiser;
	struct writer_thread *writer_thread;
	struct drain drain;
};

static void put_record(struct world *w, size_t cpu, uint32_t type, const void *body, uint16_t len)
{
	struct fake_ring *f = &w->fakes[cpu];
	uint16_t size = (uint16_t)(len + 8), misc = 0;
	uint8_t record[256];

	memcpy(record, &type, 4);
	memcpy(record + 4, &misc, 2);
	memcpy(record + 6, &size, 2);
	memcpy(record + 8, body, len);
	assert_true(f->head + size - f->tail <= RING_BYTES);
	for (uint16_t i = 0; i < size; i++)
		f->data[(f->head + i) % RING_BYTES] = record[i];
	f->head += size;
}

/* u64 time, u32 size, then a row: u16 type, 6 bytes, u64 pointer, u32 value, padding. */
static void put_row(struct world *w, size_t cpu, uint64_t time, uint64_t pointer, uint32_t value)
{
	uint8_t body[40] = {0};
	uint32_t size = 28;
	uint16_t type = TYPE;

	memcpy(body, &time, 8);
	memcpy(body + 8, &size, 4);
	memcpy(body + 12, &type, 2);
	memcpy(body + 20, &pointer, 8);
	memcpy(body + 28, &value, 4);
	put_record(w, cpu, SAMPLE_TYPE_ROW, body, sizeof(body));
}

static void put_lost(struct world *w, size_t cpu, uint64_t time, uint64_t lost)
{
	const uint64_t body[3] = {1, lost, time};

	put_record(w, cpu, SAMPLE_TYPE_LOST, body, sizeof(body));
}

static void write_format(struct world *w)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct section_spec spec = {.kind = TAPE_KIND_FORMAT, .count = 1};
	struct format_record r = {
		.kernel_id = TYPE, .system = "tcp", .name = "fake", .text = "name: fake\n"};

	assert_int_equal(format_record_encode(&b, &r), 0);
	assert_int_equal(tape_writer_section(w->writer, &spec, b.data, b.len, NULL), 0);
}

static void world_open(struct world *w, size_t n_batches)
{
	struct anonymiser_options anonymiser = {.kallsyms = "/nonexistent", .dense_max = 1000};
	struct writer_thread_options options;

	memset(w, 0, sizeof(*w));
	for (uint32_t i = 0; i < N_CPUS; i++) {
		w->fakes[i].data = calloc(1, RING_BYTES);
		w->cpus[i].cpu = i * 3;
		assert_int_equal(ring_attach(&w->fakes[i].head, &w->fakes[i].tail, w->fakes[i].data,
					     RING_BYTES, &w->cpus[i].ring),
				 0);
	}
	w->events = (struct events){.cpus = w->cpus, .n_cpus = N_CPUS, .n_tracepoints = 1};
	w->tracepoint = (struct tracepoint){.system = "tcp", .name = "fake", .row_len = 20};
	w->places = (struct writer_thread_tracepoint){
		.fields = {{.offset = 8, .size = 8, .is_pointer = true}}, .n_fields = 1};
	w->tracepoints = (struct tracepoints){
		.items = &w->tracepoint, .places = &w->places, .n = 1, .by_type = malloc(131072)};
	memset(w->tracepoints.by_type, 0xff, 131072);
	w->tracepoints.by_type[TYPE] = 0;
	assert_int_equal(event_counts_init(&w->event_counts, &w->events, 0, NULL), 0);
	w->sink = sink_memory(&w->tape);
	assert_int_equal(tape_writer_new(&w->sink, 1, &w->writer, NULL), 0);
	write_format(w);
	assert_int_equal(anonymiser_new(&anonymiser, &w->anonymiser, NULL), 0);
	options = (struct writer_thread_options){.writer = w->writer,
						 .anonymiser = w->anonymiser,
						 .tracepoints = &w->places,
						 .n_tracepoints = 1,
						 .n_batches = n_batches};
	assert_int_equal(writer_thread_start(&options, &w->writer_thread, NULL), 0);
	w->drain = (struct drain){.events = &w->events,
				  .tracepoints = &w->tracepoints,
				  .writer_thread = w->writer_thread,
				  .event_counts = &w->event_counts};
	assert_int_equal(drain_init(&w->drain, NULL), 0);
}

static void world_finish(struct world *w)
{
	drain_close_block(&w->drain);
	assert_int_equal(writer_thread_stop(w->writer_thread, NULL), 0);
	assert_int_equal(tape_writer_finish(w->writer, NULL), 0);
}

static void world_close(struct world *w)
{
	writer_thread_free(w->writer_thread);
	drain_done(&w->drain);
	anonymiser_free(w->anonymiser);
	tape_writer_free(w->writer);
	event_counts_done(&w->event_counts);
	buffer_done(&w->tape);
	free(w->tracepoints.by_type);
	for (size_t i = 0; i < N_CPUS; i++) {
		ring_done(&w->cpus[i].ring);
		free(w->fakes[i].data);
	}
}

static struct tape_reader *open_tape(const struct world *w)
{
	struct source *source = NULL;
	struct tape_reader *reader = NULL;

	assert_int_equal(source_open_memory(w->tape.data, w->tape.len, &source), 0);
	assert_int_equal(tape_reader_open(source, &reader, NULL), 0);
	return reader;
}

static void test_drain_rows_reach_the_tape(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct tape_merge *merge CLEANUP(tape_merge_free_p) = NULL;
	const struct merge_ops ops = {.until_ns = UINT64_MAX};
	struct world w;
	struct tape_row row;
	uint64_t pointer;
	uint32_t value;

	world_open(&w, 2);
	for (uint32_t i = 0; i < 500; i++)
		put_row(&w, i % 2, 1000 + i, 0xffff888100000000ULL + (i % 7) * 64, i);
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	put_lost(&w, 1, 2000, 42);
	put_row(&w, 1, 2000, 0, 500);
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	assert_int_equal(w.fakes[0].tail, w.fakes[0].head);
	world_finish(&w);
	assert_int_equal(w.event_counts.rows[0], 250);
	assert_int_equal(w.event_counts.rows[1], 251);
	assert_int_equal(writer_thread_rows(w.writer_thread), 501);

	reader = open_tape(&w);
	assert_int_equal(tape_merge_new(reader, &ops, &merge, NULL), 0);
	for (uint32_t i = 0; i <= 500; i++) {
		assert_int_equal(tape_merge_next(merge, &row, NULL), 1);
		assert_int_equal(row.len, 20);
		memcpy(&pointer, row.data + 8, 8);
		memcpy(&value, row.data + 16, 4);
		assert_int_equal(value, i);
		if (i == 500)
			assert_int_equal(pointer, 0);
		else
			assert_in_range(pointer, 1, 7);
		assert_int_equal(row.cpu, i == 500 || i % 2 ? 3 : 0);
	}
	assert_int_equal(tape_merge_next(merge, &row, NULL), 0);
	assert_int_equal(tape_reader_meta(reader)->n_losses, 1);
	assert_int_equal(tape_reader_meta(reader)->losses[0].count, 42);
	assert_int_equal(tape_reader_meta(reader)->losses[0].cpu, 3);
	assert_int_equal(tape_reader_meta(reader)->losses[0].from_ns, 1499);
	assert_int_equal(tape_reader_meta(reader)->losses[0].to_ns, 2000);
	world_close(&w);
}

/* With every batch taken the records stay where they are, and the drain goes on later. */
static void test_drain_waits_for_a_batch(void **state)
{
	struct batch *held;
	struct world w;

	world_open(&w, 1);
	held = writer_thread_take(w.writer_thread);
	put_row(&w, 0, 1000, 0, 1);
	put_row(&w, 1, 1001, 0, 2);
	assert_int_equal(drain_run(&w.drain, NULL), 0);
	assert_int_equal(w.fakes[0].tail, 0);
	/* What comes meanwhile belongs to the next drain. */
	put_row(&w, 0, 1002, 0, 3);
	assert_int_equal(drain_run(&w.drain, NULL), 0);
	writer_thread_give(w.writer_thread, held);
	while (drain_run(&w.drain, NULL) == 0)
		usleep(1000);
	assert_int_equal(w.drain.rows, 2);
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	assert_int_equal(w.drain.rows, 3);
	world_finish(&w);
	assert_int_equal(writer_thread_rows(w.writer_thread), 3);
	world_close(&w);
}

static void test_drain_refuses_nonsense(void **state)
{
	struct fault fault = FAULT_INIT;
	const uint8_t body[16] = {0};
	struct world w;

	world_open(&w, 2);
	put_row(&w, 0, 1000, 0, 1);
	put_record(&w, 0, SAMPLE_TYPE_ROW, body, sizeof(body));
	assert_int_equal(drain_run(&w.drain, &fault), -EBADMSG);
	assert_non_null(strstr(fault.text, "CPU 0"));
	/* What was good before it is kept. */
	world_finish(&w);
	assert_int_equal(writer_thread_rows(w.writer_thread), 1);
	world_close(&w);
}

static void test_drain_mark_after_silence(void **state)
{
	struct world w;

	world_open(&w, 2);
	put_row(&w, 0, 1, 0, 1);
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	drain_close_block(&w.drain);
	assert_false(drain_needs_mark(&w.drain));
	usleep(60000);
	assert_int_equal(drain_run(&w.drain, NULL), 1);
	assert_true(drain_needs_mark(&w.drain));
	assert_non_null(drain_batch(&w.drain));
	drain_close_block(&w.drain);
	assert_false(drain_needs_mark(&w.drain));
	world_finish(&w);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drain_rows_reach_the_tape),
		cmocka_unit_test(test_drain_waits_for_a_batch),
		cmocka_unit_test(test_drain_refuses_nonsense),
		cmocka_unit_test(test_drain_mark_after_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
