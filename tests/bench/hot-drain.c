// SPDX-License-Identifier: MIT
/*
 * drain: rings in plain memory, filled as the kernel fills them, and emptied by the real recorder
 * from the drain to the sink.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/hot.h"
#include "kernel/sample.h"
#include "record/drain.h"

/* Bytes of the longest record. */
#define RECORD_MAX (ROWS_LEN_MAX + ROWS_FRAMES * 8 + 40)
#define BATCHES	   3u
#define RUN_MAX	   65536u
#define CPUS_MAX   1024u

struct fake_ring {
	uint64_t head, tail;
	uint8_t *data;
};

struct world {
	struct rows rows;
	struct fake_ring *fakes;
	uint64_t ring_bytes;
	struct events events;
	struct tracepoint items[ROWS_TRACEPOINTS];
	struct block_tracepoint places[ROWS_TRACEPOINTS];
	uint16_t by_type[65536];
	struct tracepoints tracepoints;
	struct event_counts event_counts;
	struct sink sink;
	struct tape_writer *writer;
	struct anonymiser *anonymiser;
	struct writer_thread *writer_thread;
	struct drain drain;
	struct fault fault;
};

static uint64_t power_above(uint64_t n)
{
	uint64_t power = 4096;

	while (power < n)
		power *= 2;
	return power;
}

/* As tracepoints_load() does: the first tracepoint of a number takes its rows, a second one those
 * with a call chain. */
static void tracepoints_load_all(struct world *w)
{
	memset(w->by_type, 0xff, sizeof(w->by_type));
	for (uint16_t i = 0; i < ROWS_TRACEPOINTS; i++) {
		const struct rows_tracepoint *tp = &w->rows.tracepoints[i];
		uint16_t *first = &w->by_type[tp->format.id];

		w->items[i] = (struct tracepoint){.system = tp->system,
						  .name = tp->name,
						  .with_stack = tp->has_chain,
						  .with_chain = i,
						  .row_len = (uint16_t)tp->format.record_size};
		if (*first == TRACEPOINT_NONE)
			*first = i;
		else
			w->items[*first].with_chain = i;
	}
	hot_places(&w->rows, w->places);
	w->tracepoints = (struct tracepoints){.items = w->items,
					      .places = w->places,
					      .by_type = w->by_type,
					      .n = ROWS_TRACEPOINTS};
}

static void rings_open(struct world *w, size_t n_cpus, unsigned long run)
{
	struct event_cpu *cpus = calloc(n_cpus, sizeof(*cpus));

	w->ring_bytes = power_above(run * RECORD_MAX);
	w->fakes = calloc(n_cpus, sizeof(*w->fakes));
	must(w->fakes && cpus ? 0 : fault_set(&w->fault, -1, "out of memory"), &w->fault);
	w->events =
		(struct events){.cpus = cpus, .n_cpus = n_cpus, .n_tracepoints = ROWS_TRACEPOINTS};
	for (size_t i = 0; i < n_cpus; i++) {
		cpus[i].is_open = cpus[i].was_open = true;
		struct fake_ring *f = &w->fakes[i];

		f->data = calloc(1, w->ring_bytes);
		cpus[i].cpu = (uint32_t)i;
		must(f->data ? ring_attach(&f->head, &f->tail, f->data, w->ring_bytes,
					   &cpus[i].ring)
			     : fault_set(&w->fault, -1, "out of memory"),
		     &w->fault);
	}
}

static void world_start(struct world *w)
{
	const struct anonymiser_options anonymiser = {.kallsyms = "/nonexistent",
						      .dense_max = ANONYMISE_DENSE_MAX};
	struct writer_thread_options options = {.block = {.tracepoints = w->places},
						.n_tracepoints = ROWS_TRACEPOINTS,
						.n_batches = BATCHES};

	w->sink = sink_fd(open("/dev/null", O_WRONLY | O_CLOEXEC), "nowhere");
	must(event_counts_init(&w->event_counts, &w->events, 0, &w->fault), &w->fault);
	must(tape_writer_new(&w->sink, 1, &w->writer, &w->fault), &w->fault);
	must(hot_begin(&w->rows, w->writer, &w->fault), &w->fault);
	must(anonymiser_new(&anonymiser, &w->anonymiser, &w->fault), &w->fault);
	options.block.writer = w->writer;
	options.block.anonymiser = w->anonymiser;
	must(writer_thread_start(&options, &w->writer_thread, &w->fault), &w->fault);
	w->drain = (struct drain){.events = &w->events,
				  .tracepoints = &w->tracepoints,
				  .writer_thread = w->writer_thread,
				  .event_counts = &w->event_counts};
	must(drain_init(&w->drain, &w->fault), &w->fault);
}

static void world_stop(struct world *w)
{
	drain_close_block(&w->drain);
	must(writer_thread_stop(w->writer_thread, &w->fault), &w->fault);
	must(tape_writer_finish(w->writer, &w->fault), &w->fault);
	printf("%llu events, %llu bytes\n",
	       (unsigned long long)writer_thread_rows(w->writer_thread),
	       (unsigned long long)w->sink.written);
	writer_thread_free(w->writer_thread);
	drain_done(&w->drain);
	anonymiser_free(w->anonymiser);
	tape_writer_free(w->writer);
	event_counts_done(&w->event_counts);
	close_p(&w->sink.fd);
	for (size_t i = 0; i < w->events.n_cpus; i++) {
		ring_done(&w->events.cpus[i].ring);
		free(w->fakes[i].data);
	}
	free(w->events.cpus);
	free(w->fakes);
	rows_done(&w->rows);
}

/* Encodes a record: the time, the call chain if the row has one, and the row. As the kernel
 * does, it pads the row so that size and row together have a multiple of 8 bytes. */
static size_t record_encode(const struct row *row, uint8_t *ret)
{
	uint32_t type = SAMPLE_TYPE_ROW, raw_len = (row->len + 4u + 7u) / 8u * 8u - 4u;
	uint64_t n = row->n_frames;
	uint16_t misc = 0, size;
	uint8_t *at = ret + 16;

	memcpy(ret + 8, &row->time, 8);
	if (n) {
		memcpy(at, &n, 8);
		memcpy(at + 8, row->frames, n * 8);
		at += 8 + n * 8;
	}
	memcpy(at, &raw_len, 4);
	memcpy(at + 4, row->data, row->len);
	memset(at + 4 + row->len, 0, raw_len - row->len);
	size = (uint16_t)(at + 4 + raw_len - ret);
	memcpy(ret, &type, 4);
	memcpy(ret + 4, &misc, 2);
	memcpy(ret + 6, &size, 2);
	return size;
}

static void ring_fill(struct world *w, size_t cpu, unsigned long n)
{
	struct fake_ring *f = &w->fakes[cpu];
	uint8_t record[RECORD_MAX];
	struct row row;

	for (unsigned long i = 0; i < n; i++) {
		size_t len, at = f->head & (w->ring_bytes - 1), first;

		rows_next(&w->rows, cpu, &row);
		len = record_encode(&row, record);
		first = len < w->ring_bytes - at ? len : w->ring_bytes - at;
		memcpy(f->data + at, record, first);
		memcpy(f->data, record + first, len - first);
		f->head += len;
	}
}

static void rings_drain(struct world *w)
{
	int r;

	while (!(r = drain_run(&w->drain, &w->fault))) {
		struct pollfd wake = {.fd = writer_thread_wake_fd(w->writer_thread),
				      .events = POLLIN};

		poll(&wake, 1, -1);
		writer_thread_wake_clear(w->writer_thread);
	}
	must(r, &w->fault);
}

int drain_main(int argc, char **argv)
{
	unsigned long events = hot_number(argv[1], 1, 1ul << 40);
	unsigned long n_cpus = hot_number(argv[2], 1, CPUS_MAX);
	unsigned long run = hot_number(argv[3], 1, RUN_MAX);
	struct world *w CLEANUP(free_p) = calloc(1, sizeof(*w));

	if (!w)
		return 1;
	must(rows_open(&w->rows, FORMATS, n_cpus, &w->fault), &w->fault);
	tracepoints_load_all(w);
	rings_open(w, n_cpus, run);
	world_start(w);
	while (events) {
		for (size_t cpu = 0; cpu < n_cpus && events; cpu++) {
			unsigned long n = run < events ? run : events;

			ring_fill(w, cpu, n);
			events -= n;
		}
		rings_drain(w);
	}
	world_stop(w);
	return 0;
}
