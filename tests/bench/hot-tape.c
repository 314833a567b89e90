// SPDX-License-Identifier: MIT
/*
 * tape: writes blocks as a recorder does, but the same bytes every time.
 */
#include <fcntl.h>
#include <stdio.h>

#include "bench/hot.h"
#include "record/block.h"

/* Events per CPU from one block to the next. */
#define RUN 4096u

struct tape {
	struct rows rows;
	struct block_tracepoint places[ROWS_TRACEPOINTS];
	struct block_writer options;
	struct block_scratch scratch;
	struct batch *batch;
	uint64_t written;
	uint64_t chains_known; /* bit i is set: chain i is on the tape */
	uint64_t complete_until;
	struct fault fault;
};

static void block_close(struct tape *t)
{
	t->batch->complete_until = t->complete_until;
	t->batch->drained_ns = t->complete_until;
	must(block_write(t->batch, &t->options, &t->scratch, &t->written, &t->fault), &t->fault);
	batch_reset(t->batch);
}

/* The number of a row's call chain. Chains differ in one frame, and its place gives the number. */
static uint32_t row_chain(struct tape *t, const struct row *row)
{
	uint32_t number = 1 + (uint32_t)(row->frames[ROWS_FRAMES / 2] / 0x20 % 60);

	if (!row->n_frames)
		return 0;
	if (!(t->chains_known >> number & 1))
		must(batch_add_chain(t->batch, number, row->frames, row->n_frames), &t->fault);
	t->chains_known |= 1ull << number;
	return number;
}

static void row_add(struct tape *t, size_t cpu)
{
	struct batch_row b = {.cpu = (uint32_t)cpu};
	struct row row;

	if (batch_is_full(t->batch))
		block_close(t);
	rows_next(&t->rows, cpu, &row);
	b.tracepoint = row.tracepoint;
	b.len = row.len;
	b.has_chain = t->rows.tracepoints[row.tracepoint].has_chain;
	b.chain = row_chain(t, &row);
	b.time = row.time;
	b.data = row.data;
	must(batch_add(t->batch, &b), &t->fault);
}

static void blocks_write(struct tape *t, unsigned long events)
{
	while (events) {
		for (size_t cpu = 0; cpu < t->rows.n_cpus && events; cpu++)
			for (unsigned long i = 0; i < RUN && events; i++, events--)
				row_add(t, cpu);
		t->complete_until = rows_complete_until(&t->rows);
	}
	block_close(t);
}

int tape_main(int argc, char **argv)
{
	unsigned long events = hot_number(argv[2], 1, 1ul << 40);
	unsigned long n_cpus = hot_number(argv[3], 1, 1024);
	const struct anonymiser_options so = {.kallsyms = "/nonexistent",
					      .dense_max = ANONYMISE_DENSE_MAX};
	int fd CLEANUP(close_p) = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	struct tape_writer *writer CLEANUP(tape_writer_free_p) = NULL;
	struct anonymiser *anonymiser CLEANUP(anonymiser_free_p) = NULL;
	struct tape *t CLEANUP(free_p) = calloc(1, sizeof(*t));
	struct sink sink = sink_fd(fd, argv[1]);

	if (fd < 0 || !t) {
		perror(argv[1]);
		return 1;
	}
	must(rows_open(&t->rows, FORMATS, n_cpus, &t->fault), &t->fault);
	hot_places(&t->rows, t->places);
	must(batch_new(ROWS_TRACEPOINTS, &t->batch), &t->fault);
	must(tape_writer_new(&sink, 1, &writer, &t->fault), &t->fault);
	must(hot_begin(&t->rows, writer, &t->fault), &t->fault);
	must(anonymiser_new(&so, &anonymiser, &t->fault), &t->fault);
	t->options = (struct block_writer){
		.writer = writer, .anonymiser = anonymiser, .tracepoints = t->places};
	blocks_write(t, events);
	must(tape_writer_finish(writer, &t->fault), &t->fault);
	block_scratch_done(&t->scratch);
	batch_free(t->batch);
	rows_done(&t->rows);
	return 0;
}
