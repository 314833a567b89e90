// SPDX-License-Identifier: MIT
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

void world_put_record(struct world *w, size_t cpu, uint32_t type, const void *body, uint16_t len)
{
	struct world_ring *ring = &w->rings[cpu];
	uint16_t size = (uint16_t)(len + 8), misc = 0;
	uint8_t record[256];

	memcpy(record, &type, 4);
	memcpy(record + 4, &misc, 2);
	memcpy(record + 6, &size, 2);
	memcpy(record + 8, body, len);
	assert_true(ring->head + size - ring->tail <= WORLD_RING_BYTES);
	for (uint16_t i = 0; i < size; i++)
		ring->data[(ring->head + i) % WORLD_RING_BYTES] = record[i];
	ring->head += size;
}

void world_put_row(struct world *w, size_t cpu, uint64_t time, uint64_t pointer, uint32_t value)
{
	/* u64 time, u32 size, then the row and the kernel's padding */
	uint8_t body[40] = {0};
	uint32_t size = 28;
	uint16_t type = WORLD_TYPE;

	memcpy(body, &time, 8);
	memcpy(body + 8, &size, 4);
	memcpy(body + 12, &type, 2);
	memcpy(body + 20, &pointer, 8);
	memcpy(body + 28, &value, 4);
	world_put_record(w, cpu, SAMPLE_TYPE_ROW, body, sizeof(body));
}

void world_put_lost(struct world *w, size_t cpu, uint64_t time, uint64_t lost)
{
	const uint64_t body[3] = {1, lost, time};

	world_put_record(w, cpu, SAMPLE_TYPE_LOST, body, sizeof(body));
}

void world_put_comm(struct world *w, size_t cpu, uint64_t time, int32_t pid, const char *comm)
{
	struct {
		int32_t pid, tid;
		char comm[16];
		uint64_t time;
	} body = {.pid = pid, .tid = pid, .time = time};

	strncpy(body.comm, comm, sizeof(body.comm) - 1);
	world_put_record(w, cpu, SAMPLE_TYPE_COMM, &body, sizeof(body));
}

static void write_formats(struct world *w)
{
	static const char *const names[] = {"fake", "socket_table", "tcp_sample", "tcp_destroy"};

	for (uint32_t i = 0; i < w->tracepoints.n; i++) {
		struct buffer b CLEANUP(buffer_done) = {0};
		struct section_spec spec = {.kind = TAPE_KIND_FORMAT, .subject = i, .count = 1};
		struct format_record r = {.kernel_id = WORLD_TYPE + i,
					  .system = "tcp",
					  .name = names[i],
					  .text = "name: fake\n"};

		assert_int_equal(format_record_encode(&b, &r), 0);
		assert_int_equal(tape_writer_section(w->writer, &spec, b.data, b.len, NULL), 0);
	}
}

static void open_rings(struct world *w)
{
	for (uint32_t i = 0; i < WORLD_CPUS; i++) {
		struct world_ring *ring = &w->rings[i];

		ring->data = calloc(1, WORLD_RING_BYTES);
		w->cpus[i].cpu = i * 3;
		w->cpus[i].owner = -1;
		w->cpus[i].is_open = w->cpus[i].was_open = true;
		assert_int_equal(ring_attach(&ring->head, &ring->tail, ring->data, WORLD_RING_BYTES,
					     &w->cpus[i].ring),
				 0);
	}
	w->events = (struct events){.cpus = w->cpus, .n_cpus = WORLD_CPUS, .n_tracepoints = 1};
}

static void open_tracepoints(struct world *w, size_t n_synthetic)
{
	w->items[0] =
		(struct tracepoint){.system = "tcp", .name = "tcp_destroy_sock", .row_len = 20};
	w->places[0] = (struct block_tracepoint){
		.fields = {{.offset = 8, .size = 8, .is_pointer = true}}, .n_fields = 1};
	w->tracepoints = (struct tracepoints){
		.items = w->items,
		.places = w->places,
		.n = 1 + n_synthetic,
		.n_synthetic = n_synthetic,
		.by_type = malloc(65536 * sizeof(uint16_t)),
	};
	memset(w->tracepoints.by_type, 0xff, 65536 * sizeof(uint16_t));
	w->tracepoints.by_type[WORLD_TYPE] = 0;
}

void world_open(struct world *w, const struct world_options *o)
{
	struct anonymiser_options anonymiser = {.kallsyms = "/nonexistent", .dense_max = 1000};
	struct writer_thread_options options;

	memset(w, 0, sizeof(*w));
	open_rings(w);
	open_tracepoints(w, o->n_synthetic);
	assert_int_equal(event_counts_init(&w->event_counts, &w->events, o->n_synthetic, NULL), 0);
	w->sink = o->sink_fd ? sink_fd(o->sink_fd, "sink") : sink_memory(&w->tape);
	assert_int_equal(tape_writer_new(&w->sink, 1, &w->writer, NULL), 0);
	if (!o->sink_fd)
		write_formats(w);
	assert_int_equal(anonymiser_new(&anonymiser, &w->anonymiser, NULL), 0);
	options = (struct writer_thread_options){.block = {.writer = w->writer,
							   .anonymiser = w->anonymiser,
							   .tracepoints = w->places},
						 .n_tracepoints = w->tracepoints.n,
						 .n_batches = o->n_batches};
	assert_int_equal(writer_thread_start(&options, &w->writer_thread, NULL), 0);
	w->drain = (struct drain){.events = &w->events,
				  .tracepoints = &w->tracepoints,
				  .writer_thread = w->writer_thread,
				  .event_counts = &w->event_counts};
	assert_int_equal(drain_init(&w->drain, NULL), 0);
}

void world_finish(struct world *w)
{
	drain_close_block(&w->drain);
	assert_int_equal(writer_thread_stop(w->writer_thread, NULL), 0);
	assert_int_equal(tape_writer_finish(w->writer, NULL), 0);
}

void world_close(struct world *w)
{
	writer_thread_free(w->writer_thread);
	drain_done(&w->drain);
	anonymiser_free(w->anonymiser);
	tape_writer_free(w->writer);
	event_counts_done(&w->event_counts);
	buffer_done(&w->tape);
	free(w->tracepoints.by_type);
	for (size_t i = 0; i < WORLD_CPUS; i++) {
		ring_done(&w->cpus[i].ring);
		free(w->rings[i].data);
	}
}

struct tape_reader *world_open_tape(const struct world *w)
{
	struct source *source = NULL;
	struct tape_reader *reader = NULL;

	assert_int_equal(source_open_memory(w->tape.data, w->tape.len, &source), 0);
	assert_int_equal(tape_reader_open(source, &reader, NULL), 0);
	return reader;
}

size_t world_count_sections(const struct world *w, uint16_t kind)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = world_open_tape(w);
	struct tape_section s;
	size_t n = 0;

	while (tape_reader_next(reader, NULL, NULL, &s, NULL) == 1)
		n += s.header.kind == kind;
	return n;
}
