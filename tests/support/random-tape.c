// SPDX-License-Identifier: MIT
#include "support/random-tape.h"

#include <stdio.h>
#include <stdlib.h>

#include "tape/writer.h"

#define TRACEPOINTS_MAX 8
#define CHAINED		1u /* this tracepoint has call chains */

struct maker {
	const struct random_options *o;
	uint64_t state;
	uint64_t now;
	uint64_t complete_until;
	struct expected_row *rows;
	struct tape_writer *writer;
	struct fault fault;
};

static uint32_t random_below(struct maker *m, uint32_t n)
{
	m->state = m->state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)((m->state >> 33) % n);
}

static void must_succeed(const struct maker *m, int r)
{
	if (r < 0) {
		fprintf(stderr, "random tape: %d %s\n", r, m->fault.text);
		abort();
	}
}

static uint16_t row_len(uint32_t tracepoint)
{
	return (uint16_t)(4 + tracepoint * 17);
}

static uint8_t row_byte(uint32_t number, uint32_t k)
{
	return k < 4 ? (uint8_t)(number >> (8 * k)) : (uint8_t)(k * 3 + (number >> (k % 9)));
}

/* A drain empties one ring after another, so that a block has one run of each CPU. */
static void write_chunk(struct maker *m, uint32_t tp, uint32_t from, uint32_t to)
{
	struct buffer rows CLEANUP(buffer_done) = {0}, times CLEANUP(buffer_done) = {0};
	struct buffer chains CLEANUP(buffer_done) = {0}, runs CLEANUP(buffer_done) = {0};
	struct chunk_rows chunk = {.tracepoint = tp, .row_len = row_len(tp)};

	for (uint32_t cpu = 0; cpu < m->o->n_cpus; cpu++) {
		struct chunk_run run = {.cpu = cpu};

		for (uint32_t i = from; i < to; i++) {
			const struct expected_row *e = &m->rows[i];

			if (e->cpu != cpu || e->tracepoint != tp)
				continue;
			for (uint32_t k = 0; k < chunk.row_len; k++)
				must_succeed(m, buffer_append_u8(&rows, row_byte(e->number, k)));
			must_succeed(m, buffer_append(&times, &e->ts_ns, 8));
			must_succeed(m, buffer_append(&chains, &e->chain, 4));
			run.n_rows++;
		}
		if (run.n_rows)
			must_succeed(m, buffer_append(&runs, &run, sizeof(run)));
		chunk.n_rows += run.n_rows;
	}
	chunk.rows = rows.data;
	chunk.times = (const uint64_t *)times.data;
	chunk.chains = tp == CHAINED ? (const uint32_t *)chains.data : NULL;
	chunk.runs = (const struct chunk_run *)runs.data;
	chunk.n_runs = (uint32_t)(runs.len / sizeof(struct chunk_run));
	must_succeed(m, tape_writer_chunk(m->writer, &chunk, &m->fault));
}

static void write_formats(struct maker *m)
{
	for (uint32_t tp = 0; tp < m->o->n_tracepoints; tp++) {
		struct section_spec spec = {.kind = TAPE_KIND_FORMAT, .subject = tp, .count = 1};
		struct buffer b CLEANUP(buffer_done) = {0};
		char name[16];
		struct format_record r = {.kernel_id = tp,
					  .has_chain = tp == CHAINED,
					  .system = "random",
					  .text = ""};

		snprintf(name, sizeof(name), "tp%u", tp);
		r.name = name;
		must_succeed(m, format_record_encode(&b, &r));
		must_succeed(m, tape_writer_section(m->writer, &spec, b.data, b.len, &m->fault));
	}
}

static void draw_rows(struct maker *m)
{
	for (uint32_t i = 0; i < m->o->n_rows; i++) {
		struct expected_row *e = &m->rows[i];

		m->now += random_below(m, 4) ? random_below(m, 3000) : 0;
		if (m->o->has_jumps && !random_below(m, 50))
			m->now += (uint64_t)random_below(m, 1u << 30) << random_below(m, 20);
		*e = (struct expected_row){
			.ts_ns = m->now,
			.cpu = random_below(m, m->o->n_cpus),
			.tracepoint = random_below(m, m->o->n_tracepoints),
			.number = i,
		};
		if (e->tracepoint == CHAINED)
			e->chain = random_below(m, 100);
		if (m->o->has_nesting && !random_below(m, 10))
			e->ts_ns -= e->ts_ns > 500 ? random_below(m, 500) : 0;
	}
}

/* Blocks overlap in time: some rows of a block are older than the youngest rows of the block
 * before. */
static void write_blocks(struct maker *m)
{
	uint32_t at = 0;

	while (at < m->o->n_rows) {
		uint32_t end = at + 1 + random_below(m, m->o->block_max);
		uint64_t complete = UINT64_MAX;

		if (end > m->o->n_rows)
			end = m->o->n_rows;
		for (uint32_t tp = 0; tp < m->o->n_tracepoints; tp++)
			write_chunk(m, tp, at, end);
		for (uint32_t i = end; i < m->o->n_rows; i++)
			complete = m->rows[i].ts_ns < complete ? m->rows[i].ts_ns : complete;
		if (complete == UINT64_MAX)
			complete = m->now;
		must_succeed(m, tape_writer_mark(m->writer, complete, m->now, &m->fault));
		at = end;
	}
}

static int row_order(const void *a, const void *b)
{
	const struct expected_row *x = a, *y = b;

	if (x->ts_ns != y->ts_ns)
		return x->ts_ns < y->ts_ns ? -1 : 1;
	if (x->cpu != y->cpu)
		return x->cpu < y->cpu ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

struct random_tape random_tape(const struct random_options *o)
{
	struct random_tape t = {.n_rows = o->n_rows};
	struct maker m = {.o = o, .state = o->seed, .now = 1000000};
	struct sink sink = sink_memory(&t.tape);

	t.rows = calloc(o->n_rows + 1, sizeof(*t.rows));
	m.rows = t.rows;
	must_succeed(&m, t.rows && o->n_tracepoints <= TRACEPOINTS_MAX ? 0 : -1);
	must_succeed(&m, tape_writer_new(&sink, 1, &m.writer, &m.fault));
	write_formats(&m);
	draw_rows(&m);
	write_blocks(&m);
	must_succeed(&m, tape_writer_finish(m.writer, &m.fault));
	tape_writer_free(m.writer);
	qsort(t.rows, t.n_rows, sizeof(*t.rows), row_order);
	return t;
}

void random_tape_done(struct random_tape *t)
{
	buffer_done(&t->tape);
	free(t->rows);
	*t = (struct random_tape){0};
}

bool expected_row_is(const struct expected_row *e, const struct tape_row *row)
{
	if (row->ts_ns != e->ts_ns || row->cpu != e->cpu || row->chain != e->chain ||
	    row->tracepoint->index != e->tracepoint || row->len != row_len(e->tracepoint))
		return false;
	for (uint32_t k = 0; k < row->len; k++) {
		if (row->data[k] != row_byte(e->number, k))
			return false;
	}
	return true;
}
