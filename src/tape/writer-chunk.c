// SPDX-License-Identifier: MIT
#include "tape/writer-chunk.h"

#include <assert.h>
#include <errno.h>

#include "tape/columns.h"
#include "tape/column-coding.h"

void chunk_scratch_done(struct chunk_scratch *s)
{
	uint64_t key, plan;

	buffer_done(&s->payload);
	buffer_done(&s->column);
	for (size_t pos = 0; map_next(&s->plans, &pos, &key, &plan);)
		free((void *)(uintptr_t)plan);
	map_done(&s->plans);
}

static struct column_plan *plan_of(struct chunk_scratch *s, const struct chunk_piece *p)
{
	uint64_t *place = map_put(&s->plans, (uint64_t)p->tracepoint << 16 | p->row_len, NULL);

	if (!place)
		return NULL;
	if (!*place)
		*place = (uintptr_t)column_plan_new(p->row_len);
	return (struct column_plan *)(uintptr_t)*place;
}

struct chunk_cut chunk_cut_start(const struct chunk_rows *rows)
{
	return (struct chunk_cut){.rows = rows};
}

/* Returns the most bytes that a row can take, without those of its run. */
static size_t row_cost(const struct chunk_rows *rows)
{
	return rows->row_len + 8u + (rows->chains ? 4u : 0u);
}

bool chunk_cut_next(struct chunk_cut *c, struct chunk_piece *ret)
{
	const struct chunk_rows *rows = c->rows;
	size_t cost = row_cost(rows), room = PIECE_BYTES_MAX - CHUNK_HEAD_LEN;
	uint32_t n = 0, run = c->run, run_row = c->run_row;

	if (c->row == rows->n_rows)
		return false;
	while (run < rows->n_runs && room >= CHUNK_RUN_LEN + cost && n < PIECE_ROWS_MAX) {
		uint32_t left = rows->runs[run].n_rows - run_row;
		size_t fit = (room - CHUNK_RUN_LEN) / cost;

		if (fit > PIECE_ROWS_MAX - n)
			fit = PIECE_ROWS_MAX - n;
		if (left > fit) {
			n += (uint32_t)fit;
			run_row += (uint32_t)fit;
			break;
		}
		n += left;
		room -= CHUNK_RUN_LEN + left * cost;
		run_row = 0;
		run++;
	}
	/* The header requires that the runs add up to n_rows. */
	assert(n && c->row + n <= rows->n_rows);
	*ret = (struct chunk_piece){
		.tracepoint = rows->tracepoint,
		.row_len = rows->row_len,
		.n_rows = n,
		.rows = rows->rows + (size_t)c->row * rows->row_len,
		.times = rows->times + c->row,
		.chains = rows->chains ? rows->chains + c->row : NULL,
		.runs = rows->runs + c->run,
		.n_runs = run - c->run + (run_row ? 1 : 0),
		.first_skip = c->run_row,
	};
	c->row += n;
	c->run = run;
	c->run_row = run_row;
	return true;
}

/* Returns how many rows of the piece's run i are in the piece, if `left` rows of the piece
 * remain. */
static uint32_t run_rows(const struct chunk_piece *p, uint32_t i, uint32_t left)
{
	uint32_t n = p->runs[i].n_rows - (i ? 0 : p->first_skip);

	return n < left ? n : left;
}

/* Puts the time deltas of all runs into s->column, little-endian, and returns the OR of all
 * deltas. */
static uint64_t deltas_put(struct chunk_scratch *s, const struct chunk_piece *p, uint64_t *ret_from,
			   uint64_t *ret_to)
{
	uint64_t from = UINT64_MAX, to = 0, bits = 0;
	uint8_t *at = s->column.data;
	uint32_t row = 0;

	for (uint32_t i = 0; i < p->n_runs; i++) {
		uint32_t end = row + run_rows(p, i, p->n_rows - row);
		uint64_t before = row < end ? p->times[row] : 0;

		for (; row < end; row++, at += 8) {
			uint64_t ts = p->times[row];

			bits |= ts - before;
			le64_put(at, ts - before);
			before = ts;
			from = ts < from ? ts : from;
			to = ts > to ? ts : to;
		}
	}
	*ret_from = from;
	*ret_to = to;
	return bits;
}

/* Returns how many bytes these bits need, at least 1. */
static uint8_t bytes_needed(uint64_t bits)
{
	return bits ? (uint8_t)((64 - (unsigned int)__builtin_clzll(bits) + 7) / 8) : 1;
}

static uint8_t *runs_put(uint8_t *at, const struct chunk_piece *p)
{
	uint32_t row = 0;

	for (uint32_t i = 0; i < p->n_runs; i++) {
		struct chunk_run run = {
			.cpu = p->runs[i].cpu,
			.n_rows = run_rows(p, i, p->n_rows - row),
			.first_ts = p->times[row],
		};

		at = chunk_run_encode(at, &run);
		row += run.n_rows;
	}
	return at;
}

static uint8_t *chains_put(struct chunk_scratch *s, const struct chunk_piece *p, uint8_t *at)
{
	for (uint32_t row = 0; row < p->n_rows; row++)
		le32_put(s->column.data + (size_t)row * 4, p->chains[row]);
	columns_split(s->column.data, 4, p->n_rows, 4, at);
	return at + (size_t)p->n_rows * 4;
}

int chunk_piece_build(struct chunk_scratch *s, struct packer *packer, const struct chunk_piece *p,
		      size_t *ret_len, uint64_t *ret_from, uint64_t *ret_to)
{
	uint8_t flags = p->chains ? CHUNK_HAS_CHAIN : 0;
	struct column_plan *plan = plan_of(s, p);
	uint8_t time_len, *at, *codes;
	size_t len;

	buffer_clear(&s->column);
	if (!plan || buffer_reserve(&s->column, (size_t)p->n_rows * 8) < 0)
		return -ENOMEM;
	time_len = bytes_needed(deltas_put(s, p, ret_from, ret_to));
	len = chunk_prefix_len(p->n_rows, p->n_runs, p->row_len, flags, time_len) +
	      (size_t)p->n_rows * p->row_len;
	buffer_clear(&s->payload);
	if (buffer_reserve(&s->payload, len) < 0)
		return -ENOMEM;
	at = chunk_head_encode(s->payload.data, p->row_len, flags, time_len, p->n_runs);
	at = runs_put(at, p);
	columns_split(s->column.data, 8, p->n_rows, time_len, at);
	at += (size_t)p->n_rows * time_len;
	if (p->chains)
		at = chains_put(s, p, at);
	codes = at;
	at += (size_t)p->row_len * CHUNK_CODE_LEN;
	columns_split(p->rows, p->row_len, p->n_rows, p->row_len, at);
	column_plan_learn(plan, packer, at, p->n_rows);
	at += columns_encode(plan, at, p->n_rows, codes);
	plan->chunks++;
	*ret_len = (size_t)(at - s->payload.data);
	return 0;
}
