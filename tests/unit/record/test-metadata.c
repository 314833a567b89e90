// SPDX-License-Identifier: MIT
/*
 * metadata: the sections at the beginning of a tape, for a recording that the test makes up, and
 * the ones at its end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <unistd.h>

#include "record/metadata.h"
#include "record/tape-end.h"
#include "tape/reader.h"

struct world {
	struct record_options options;
	struct selection selection;
	struct tracepoint items[2];
	struct tracepoints tracepoints;
	struct event_cpu cpus[2];
	int fds[2], write_fds[2];
	struct events events;
	struct event_counts counts;
	struct sockets sockets;
	struct buffer tape;
	struct sink sink;
	struct tape_writer *writer;
};

static void world_open(struct world *w)
{
	static const char text[] = "name: fake\n";

	memset(w, 0, sizeof(*w));
	w->options.profile = "loss";
	w->options.command_line = "tcptape record -p loss";
	assert_int_equal(selected_list_add(&w->selection.absent, "tcp", "tcp_gone"), 0);
	for (size_t i = 0; i < 2; i++) {
		int fds[2];

		assert_int_equal(buffer_append(&w->items[i].format, text, sizeof(text)), 0);
		w->items[i].format.len--;
		assert_int_equal(pipe(fds), 0);
		w->fds[i] = fds[0];
		w->write_fds[i] = fds[1];
	}
	w->items[0].system = w->items[1].system = "tcp";
	w->items[0].name = "tcp_probe";
	w->items[1].name = "tcp_retransmit_skb";
	w->items[1].with_stack = true;
	w->items[1].kernel_id = 77;
	w->tracepoints = (struct tracepoints){.items = w->items, .n = 2};
	w->cpus[1].cpu = 3;
	for (size_t i = 0; i < 2; i++)
		w->cpus[i].is_open = w->cpus[i].was_open = true;
	w->events = (struct events){.cpus = w->cpus,
				    .n_cpus = 2,
				    .fds = w->fds,
				    .n_tracepoints = 1,
				    .with_lost = true,
				    .ring_bytes = 65536};
	assert_int_equal(event_counts_init(&w->counts, &w->events, 0, NULL), 0);
	w->sockets.spaces.n = 5;
	w->sockets.spaces.misses.n = 2;
	w->sink = sink_memory(&w->tape);
	assert_int_equal(tape_writer_new(&w->sink, 1, &w->writer, NULL), 0);
}

static void world_close(struct world *w)
{
	for (size_t i = 0; i < 2; i++) {
		buffer_done(&w->items[i].format);
		close(w->fds[i]);
		close(w->write_fds[i]);
	}
	selection_done(&w->selection);
	event_counts_done(&w->counts);
	tape_writer_free(w->writer);
	buffer_done(&w->tape);
}

static void write_begin(struct world *w)
{
	struct metadata m = {&w->options, &w->selection, &w->tracepoints, &w->events, &w->sockets};

	assert_int_equal(metadata_write(w->writer, &m, NULL), 0);
}

/* What read(2) of the tracepoint's events gives. */
static void write_counts(struct world *w, uint64_t lost_0, uint64_t lost_1)
{
	const uint64_t values[2][2] = {{100, lost_0}, {50, lost_1}};

	for (size_t i = 0; i < 2; i++)
		assert_int_equal(write(w->write_fds[i], values[i], 16), 16);
}

static struct tape_reader *open_tape(struct world *w)
{
	struct source *source = NULL;
	struct tape_reader *reader = NULL;

	assert_int_equal(source_open_memory(w->tape.data, w->tape.len, &source), 0);
	assert_int_equal(tape_reader_open(source, &reader, NULL), 0);
	return reader;
}

/* The kinds of all sections in order, without repetitions. */
static size_t read_kinds(struct tape_reader *reader, uint16_t *kinds, size_t max)
{
	struct tape_section s;
	size_t n = 0;

	while (tape_reader_next(reader, NULL, NULL, &s, NULL) == 1) {
		if (!n || kinds[n - 1] != s.header.kind) {
			assert_true(n < max);
			kinds[n++] = s.header.kind;
		}
	}
	return n;
}

static void test_metadata_sections(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	const struct tape_meta *meta;
	uint16_t kinds[16];
	size_t n;
	struct world w;

	world_open(&w);
	write_begin(&w);
	assert_int_equal(tape_writer_finish(w.writer, NULL), 0);
	reader = open_tape(&w);
	n = read_kinds(reader, kinds, ARRAY_SIZE(kinds));
	assert_true(n > 5);
	assert_int_equal(kinds[0], TAPE_KIND_HOST);
	assert_int_equal(kinds[1], TAPE_KIND_CLOCK);
	assert_int_equal(kinds[2], TAPE_KIND_ABSENT);
	assert_int_equal(kinds[3], TAPE_KIND_FORMAT);
	assert_int_equal(kinds[4], TAPE_KIND_TASKS);
	meta = tape_reader_meta(reader);
	assert_int_equal(meta->n_absent, 1);
	assert_string_equal(meta->absent[0].name, "tcp_gone");
	assert_int_equal(meta->n_tracepoints, 2);
	assert_false(meta->tracepoints[0]->has_chain);
	assert_true(meta->tracepoints[1]->has_chain);
	assert_int_equal(meta->tracepoints[1]->kernel_id, 77);
	assert_string_equal(meta->tracepoints[1]->name, "tcp_retransmit_skb");
	assert_int_equal(meta->tracepoints[1]->format_len, strlen("name: fake\n"));
	assert_int_equal(meta->n_clocks, 1);
	assert_true(meta->n_tasks > 0);
	world_close(&w);
}

static void test_metadata_host(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	const struct tape_meta *meta;
	uint16_t kinds[16];
	struct world w;

	world_open(&w);
	write_begin(&w);
	assert_int_equal(tape_writer_finish(w.writer, NULL), 0);
	reader = open_tape(&w);
	read_kinds(reader, kinds, ARRAY_SIZE(kinds));
	meta = tape_reader_meta(reader);
	assert_string_equal(meta_host(meta, "tcptape_version"), TCPTAPE_VERSION);
	assert_string_equal(meta_host(meta, "command_line"), "tcptape record -p loss");
	assert_string_equal(meta_host(meta, "profile"), "loss");
	assert_string_equal(meta_host(meta, "clock"), "monotonic");
	assert_string_equal(meta_host(meta, "pointers"), "ids");
	assert_string_equal(meta_host(meta, "ring_bytes"), "65536");
	assert_string_equal(meta_host(meta, "cpus_recorded"), "2");
	/* The namespaces that were entered, and those that were not. */
	assert_string_equal(meta_host(meta, "net_namespaces"), "3");
	assert_string_equal(meta_host(meta, "net_namespaces_missed"), "2");
	assert_null(meta_host(meta, "filter"));
	world_close(&w);
}

static void test_metadata_host_of_options(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	const struct tape_meta *meta;
	uint16_t kinds[16], ports[] = {80};
	struct world w;

	world_open(&w);
	w.options.raw_pointers = true;
	w.options.no_sockets = true;
	w.options.filter.port = (struct filter_ports){ports, ARRAY_SIZE(ports)};
	write_begin(&w);
	assert_int_equal(tape_writer_finish(w.writer, NULL), 0);
	reader = open_tape(&w);
	for (size_t n = read_kinds(reader, kinds, ARRAY_SIZE(kinds)); n > 0; n--)
		assert_int_not_equal(kinds[n - 1], TAPE_KIND_CGROUPS);
	meta = tape_reader_meta(reader);
	assert_string_equal(meta_host(meta, "pointers"), "raw");
	assert_string_equal(meta_host(meta, "filter"), "--port 80");
	world_close(&w);
}

/* A ring that is full to the end has no room for a record about what it lost. */
static void test_tape_end_finds_the_last_losses(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct event_count_sums sums;
	const struct tape_meta *meta;
	uint16_t kinds[16];
	struct world w;

	world_open(&w);
	w.cpus[0].ring_lost = 10;
	w.cpus[0].last_ns = 900;
	w.cpus[1].ring_lost = 7;
	/* Counts are read for the tally, and again for the losses. */
	write_counts(&w, 30, 7);
	write_counts(&w, 30, 7);
	assert_int_equal(tape_end_write(w.writer, &w.counts, &sums, NULL), 0);
	assert_int_equal(sums.lost, 37);
	reader = open_tape(&w);
	read_kinds(reader, kinds, ARRAY_SIZE(kinds));
	assert_int_equal(kinds[0], TAPE_KIND_LOSS);
	assert_int_equal(kinds[1], TAPE_KIND_CLOCK);
	assert_int_equal(kinds[2], TAPE_KIND_TALLY);
	assert_int_equal(kinds[3], TAPE_KIND_MARK);
	meta = tape_reader_meta(reader);
	assert_int_equal(meta->n_losses, 1);
	assert_int_equal(meta->losses[0].cpu, 0);
	assert_int_equal(meta->losses[0].count, 20);
	assert_int_equal(meta->losses[0].from_ns, 900);
	assert_true(meta->losses[0].to_ns > 900);
	assert_int_equal(meta->n_tallies, 2);
	assert_int_equal(meta->tallies[0].flags, TALLY_FINAL);
	assert_true(meta->has_trailer);
	world_close(&w);
}

/* After the end nothing is missing: the last MARK is complete for all times. */
static void test_tape_end_is_complete(void **state)
{
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct event_count_sums sums;
	struct mark_record mark = {0};
	struct tape_section s;
	struct world w;

	world_open(&w);
	write_counts(&w, 0, 0);
	write_counts(&w, 0, 0);
	assert_int_equal(tape_end_write(w.writer, &w.counts, &sums, NULL), 0);
	reader = open_tape(&w);
	while (tape_reader_next(reader, NULL, NULL, &s, NULL) == 1) {
		struct cursor c = cursor_of(s.payload, s.header.raw_len);

		if (s.header.kind == TAPE_KIND_MARK)
			assert_int_equal(mark_record_decode(&c, &mark), 1);
	}
	assert_true(mark.complete_until == UINT64_MAX);
	assert_int_equal(tape_reader_meta(reader)->n_losses, 0);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_metadata_sections),
		cmocka_unit_test(test_metadata_host),
		cmocka_unit_test(test_metadata_host_of_options),
		cmocka_unit_test(test_tape_end_finds_the_last_losses),
		cmocka_unit_test(test_tape_end_is_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
