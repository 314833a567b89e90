// SPDX-License-Identifier: MIT
#include "rows/queue-block.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int queue_block_init(struct queue_block *b, size_t cap)
{
	*b = (struct queue_block){.bytes = malloc(cap)};
	b->cap = b->bytes ? cap : 0;
	return b->bytes ? 0 : -ENOMEM;
}

void queue_block_done(struct queue_block *b)
{
	free(b->bytes);
	*b = (struct queue_block){0};
}

int queue_block_widen(struct queue_block *b)
{
	size_t cap = b->cap * 2;

	assert(!b->len);
	queue_block_done(b);
	return queue_block_init(b, cap);
}

/* Room in the block, aligned for anything. NULL: there is not so much. */
static void *block_room(struct queue_block *b, size_t size)
{
	void *at = b->bytes + b->len;

	size = (size + 7) & ~(size_t)7;
	if (size > b->cap - b->len)
		return NULL;
	b->len += size;
	return at;
}

static void *block_copy(struct queue_block *b, const void *data, size_t size)
{
	void *at = block_room(b, size);

	if (at && size)
		memcpy(at, data, size);
	return at;
}

static void pack_time(const struct packing *p, struct sink_call *call, uint64_t ts_ns)
{
	struct packed_time *t = &call->times[call->n_times++];

	*t = (struct packed_time){.ts_ns = ts_ns};
	t->is_known = tape_clock_wall(&p->clock, ts_ns, &t->real_ns);
	call->start_ns = tape_clock_start(&p->clock, 0);
}

static bool pack_addr(struct queue_block *b, struct cell *cell)
{
	uint8_t *addr = block_room(b, 16);

	if (!addr)
		return false;
	if (cell->family == 4)
		memcpy(addr, cell->addr, 4);
	else if (cell->family)
		memcpy(addr, cell->addr, 16);
	cell->addr = addr;
	return true;
}

static bool pack_list(struct queue_block *b, struct cell *cell)
{
	const char **list = block_copy(b, cell->list, cell->n * sizeof(*list));

	if (!list)
		return false;
	for (uint32_t i = 0; i < cell->n; i++) {
		if (list[i])
			list[i] = block_copy(b, list[i], strlen(list[i]) + 1);
		if (!list[i] && cell->list[i])
			return false;
	}
	cell->list = list;
	return true;
}

/* Does the cell point to nothing that has to be packed? Most are numbers and constants. */
static inline bool cell_stands_alone(const struct cell *cell)
{
	return cell->kind < CELL_STR || cell->kind == CELL_TIME ||
	       (cell->kind == CELL_STR && cell->is_constant);
}

static bool pack_cell(struct queue_block *b, struct cell *cell);

static bool pack_fields(struct queue_block *b, struct cell *cell)
{
	struct cell_field *fields = block_copy(b, cell->fields, cell->n * sizeof(*fields));

	if (!fields)
		return false;
	for (uint32_t i = 0; i < cell->n; i++) {
		if (!cell_stands_alone(&fields[i].cell) && !pack_cell(b, &fields[i].cell))
			return false;
	}
	cell->fields = fields;
	return true;
}

/* Packs what the cell points to. */
static bool pack_cell(struct queue_block *b, struct cell *cell)
{
	switch (cell->kind) {
	case CELL_STR: return (cell->str = block_copy(b, cell->str, cell->n));
	case CELL_ADDR:
	case CELL_ENDPOINT: return pack_addr(b, cell);
	case CELL_FIELDS: return pack_fields(b, cell);
	case CELL_LIST: return pack_list(b, cell);
	case CELL_CURVE:
		return (cell->curve = block_copy(b, cell->curve, cell->n * sizeof(*cell->curve)));
	default: return true;
	}
}

static bool pack_row(struct queue_block *b, const struct packing *p, struct sink_call *call,
		     const struct cell *cells)
{
	struct cell *copies = block_room(b, p->n_columns * sizeof(*copies));
	size_t n_times = 0;

	if (!copies)
		return false;
	for (size_t i = 0; i < p->n_columns; i++) {
		copies[i] = cells[p->columns[i]];
		n_times += copies[i].kind == CELL_TIME;
	}
	call->times = block_room(b, n_times * sizeof(*call->times));
	if (!call->times)
		return false;
	for (size_t i = 0; i < p->n_columns; i++) {
		if (copies[i].kind == CELL_TIME)
			pack_time(p, call, copies[i].u64);
		if (!cell_stands_alone(&copies[i]) && !pack_cell(b, &copies[i]))
			return false;
	}
	call->data = copies;
	return true;
}

static bool pack_data(struct queue_block *b, const struct packing *p, struct sink_call *call,
		      const void *data)
{
	if (call->kind == SINK_ROW)
		return pack_row(b, p, call, data);
	if (data) {
		call->data = block_copy(b, data, call->n);
		if (!call->data)
			return false;
	}
	if (call->kind == SINK_PAGE) {
		call->times = block_room(b, sizeof(*call->times));
		if (!call->times)
			return false;
		pack_time(p, call, call->ts_ns);
	}
	return true;
}

bool queue_block_add(struct queue_block *b, const struct packing *p, const struct sink_call *call,
		     const void *data)
{
	size_t before = b->len;
	struct sink_call *packed = block_copy(b, call, sizeof(*call));

	if (!packed || !pack_data(b, p, packed, data)) {
		b->len = before;
		return false;
	}
	packed->size = (uint32_t)(b->len - before);
	return true;
}
