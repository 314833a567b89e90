// SPDX-License-Identifier: MIT
/*
 * batch: batch_add() is the recorder's hot path: it finds the slot, copies the bytes, and notes the
 * time.
 */
#include "record/batch.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SLOT_ROWS_FIRST 64u
#define SLOT_ROWS_MORE	1024u

int batch_new(size_t n_tracepoints, struct batch **ret)
{
	struct batch *b CLEANUP(batch_free_p) = calloc(1, sizeof(*b));

	if (!b)
		return -ENOMEM;
	b->first_slot = calloc(n_tracepoints, sizeof(*b->first_slot));
	if (!b->first_slot)
		return -ENOMEM;
	b->n_tracepoints = n_tracepoints;
	*ret = TAKE(b);
	return 0;
}

static void slot_done(struct slot *s)
{
	mmap_buffer_done(&s->rows);
	mmap_buffer_done(&s->times);
	mmap_buffer_done(&s->chains);
	mmap_buffer_done(&s->runs);
	s->cap_rows = 0;
	s->most_rows = 0;
}

struct batch *batch_free(struct batch *b)
{
	if (b) {
		for (uint32_t i = 0; i < b->n_slots; i++)
			slot_done(&b->slots[i]);
		free(b->slots);
		free(b->first_slot);
		buffer_done(&b->tasks.records);
		buffer_done(&b->members.records);
		buffer_done(&b->losses.records);
		buffer_done(&b->pauses.records);
		buffer_done(&b->sleeps.records);
		buffer_done(&b->clocks.records);
		buffer_done(&b->tallies.records);
		buffer_done(&b->settings.records);
		buffer_done(&b->counters.records);
		buffer_done(&b->new_chains);
		free(b);
	}
	return NULL;
}

static size_t slot_row_bytes(const struct slot *s)
{
	return s->row_len + sizeof(uint64_t) + (s->has_chain ? sizeof(uint32_t) : 0);
}

static void records_reset(struct batch_records *r)
{
	buffer_clear(&r->records);
	r->n = 0;
	r->time_from = r->time_to = 0;
}

void batch_reset(struct batch *b)
{
	size_t touched = 0;

	for (uint32_t i = 0; i < b->n_slots; i++) {
		struct slot *s = &b->slots[i];

		if (s->n_rows > s->most_rows)
			s->most_rows = s->n_rows;
		touched += s->most_rows * slot_row_bytes(s);
		s->n_rows = 0;
		s->n_runs = 0;
	}
	for (uint32_t i = 0; touched > BATCH_KEPT_MAX && i < b->n_slots; i++)
		slot_done(&b->slots[i]);
	records_reset(&b->tasks);
	records_reset(&b->members);
	records_reset(&b->losses);
	records_reset(&b->pauses);
	records_reset(&b->sleeps);
	records_reset(&b->clocks);
	records_reset(&b->tallies);
	records_reset(&b->settings);
	records_reset(&b->counters);
	buffer_clear(&b->new_chains);
	b->n_new_chains = 0;
	b->n_rows = 0;
	b->bytes = 0;
	b->since_ns = b->newest_ns = 0;
	b->complete_until = b->drained_ns = 0;
}

/* Room for some rows at first; then for more; then for as many as a batch can have. Memory that is
 * not used costs nothing, and each step moves what is there. */
static uint32_t slot_next_cap(const struct slot *s)
{
	uint32_t most = BATCH_BYTES_MAX / (uint32_t)slot_row_bytes(s) + 1;

	if (!s->cap_rows)
		return SLOT_ROWS_FIRST;
	if (s->cap_rows < SLOT_ROWS_MORE)
		return SLOT_ROWS_MORE;
	if (most > BATCH_ROWS_MAX)
		most = BATCH_ROWS_MAX;
	return s->cap_rows < most ? most : s->cap_rows * 2;
}

static int slot_grow(struct slot *s)
{
	uint32_t cap = slot_next_cap(s);
	int r = mmap_buffer_grow(&s->rows, (size_t)cap * s->row_len);

	if (!r)
		r = mmap_buffer_grow(&s->times, (size_t)cap * sizeof(uint64_t));
	if (!r && s->has_chain)
		r = mmap_buffer_grow(&s->chains, (size_t)cap * sizeof(uint32_t));
	/* Every run has at least one row, so there are never more runs than rows. */
	if (!r)
		r = mmap_buffer_grow(&s->runs, (size_t)cap * sizeof(struct chunk_run));
	if (r < 0)
		return r;
	s->cap_rows = cap;
	return 0;
}

static struct slot *slot_add(struct batch *b, const struct batch_row *row)
{
	struct slot *more = realloc(b->slots, (b->n_slots + 1) * sizeof(*more));

	if (!more)
		return NULL;
	b->slots = more;
	more += b->n_slots++;
	*more = (struct slot){
		.tracepoint = row->tracepoint,
		.row_len = row->len,
		.has_chain = row->has_chain,
		.next = b->first_slot[row->tracepoint],
	};
	b->first_slot[row->tracepoint] = b->n_slots;
	return more;
}

static inline struct slot *slot_find(struct batch *b, const struct batch_row *row)
{
	uint32_t i = b->first_slot[row->tracepoint];

	while (i) {
		struct slot *s = &b->slots[i - 1];

		if (s->row_len == row->len)
			return s;
		i = s->next;
	}
	return slot_add(b, row);
}

/* Copies a row. Most rows have about a hundred bytes: calling memcpy() would cost as much as the
 * copy itself. */
static inline void row_copy(uint8_t *to, const uint8_t *from, size_t len)
{
	if (len < 16) {
		memcpy(to, from, len);
		return;
	}
	for (size_t i = 0; i + 16 < len; i += 16)
		memcpy(to + i, from + i, 16);
	memcpy(to + len - 16, from + len - 16, 16);
}

int batch_add(struct batch *b, const struct batch_row *row)
{
	struct slot *s = slot_find(b, row);
	struct chunk_run *run;
	uint8_t *to;
	uint32_t at;

	assert(!batch_is_full(b) && row->tracepoint < b->n_tracepoints);
	if (!s)
		return -ENOMEM;
	at = s->n_rows;
	if (at == s->cap_rows && slot_grow(s) < 0)
		return -ENOMEM;
	to = (uint8_t *)s->rows.data + (size_t)at * row->len;
	__builtin_prefetch(to + 4 * (size_t)row->len, 1);
	row_copy(to, row->data, row->len);
	((uint64_t *)s->times.data)[at] = row->time;
	if (s->has_chain)
		((uint32_t *)s->chains.data)[at] = row->chain;
	run = (struct chunk_run *)s->runs.data + s->n_runs;
	if (s->n_runs && run[-1].cpu == row->cpu) {
		run[-1].n_rows++;
	} else {
		*run = (struct chunk_run){.cpu = row->cpu, .n_rows = 1, .first_ts = row->time};
		s->n_runs++;
	}
	s->n_rows = at + 1;
	b->n_rows++;
	b->bytes += slot_row_bytes(s);
	if (row->time > b->newest_ns)
		b->newest_ns = row->time;
	return 0;
}

int batch_add_chain(struct batch *b, uint32_t number, const uint64_t *frames, size_t n)
{
	uint64_t head[2] = {number, n};
	int r = buffer_append(&b->new_chains, head, sizeof(head));

	if (!r)
		r = buffer_append(&b->new_chains, frames, n * sizeof(*frames));
	if (r < 0)
		return r;
	b->n_new_chains++;
	b->bytes += sizeof(head) + n * sizeof(*frames);
	return 0;
}

void batch_records_count(struct batch_records *r, uint64_t time)
{
	if (!r->n || time < r->time_from)
		r->time_from = time;
	if (!r->n || time > r->time_to)
		r->time_to = time;
	r->n++;
}

int batch_records_move(struct batch_records *from, struct batch_records *to)
{
	if (!from->n)
		return 0;
	if (buffer_append(&to->records, from->records.data, from->records.len) < 0)
		return -ENOMEM;
	if (!to->n || from->time_from < to->time_from)
		to->time_from = from->time_from;
	if (from->time_to > to->time_to)
		to->time_to = from->time_to;
	to->n += from->n;
	records_reset(from);
	return 0;
}
