// SPDX-License-Identifier: MIT
#include "view/columns.h"

#include <assert.h>
#include <string.h>

#include "cells/conn-cells.h"

/* Numbers of the frequent getters, which view_table_row() does not call through a pointer, so that
 * the compiler inlines them into its loop. */
enum inlined {
	INLINED_NONE,
	INLINED_TIME,
	INLINED_U64,
	INLINED_U32,
	INLINED_SOME_U64,
	INLINED_SOME_HEX,
	INLINED_SOME_U32,
	INLINED_SOME_U16,
	INLINED_CHARS,
	INLINED_PID,
	INLINED_STR,
	INLINED_WORD,
	INLINED_ENDPOINT,
	INLINED_ADDR,
	INLINED_PORT,
	INLINED_CELL,
	INLINED_N,
};

static const column_get inlined_getters[INLINED_N] = {
	[INLINED_TIME] = column_time,	      [INLINED_U64] = column_u64,
	[INLINED_U32] = column_u32,	      [INLINED_SOME_U64] = column_some_u64,
	[INLINED_SOME_HEX] = column_some_hex, [INLINED_SOME_U32] = column_some_u32,
	[INLINED_SOME_U16] = column_some_u16, [INLINED_CHARS] = column_chars,
	[INLINED_PID] = column_pid,	      [INLINED_STR] = column_str,
	[INLINED_WORD] = column_word,	      [INLINED_ENDPOINT] = column_endpoint,
	[INLINED_ADDR] = column_addr,	      [INLINED_PORT] = column_port,
	[INLINED_CELL] = column_cell,
};

static uint8_t column_where(const struct view_column *c, unsigned int modes)
{
	uint8_t where = c->where;

	if (c->only && !(c->only & modes))
		return 0;
	if (c->also & modes)
		where |= COLUMN_TEXT;
	if (c->unless & modes)
		where &= (uint8_t)~COLUMN_TEXT;
	return where;
}

static struct view_shown shown_column(const struct view_column *c)
{
	struct view_shown shown = {.get = c->get, .at = c->at, .part = c->part};

	for (unsigned int i = 1; i < INLINED_N; i++) {
		if (inlined_getters[i] == c->get)
			shown.inlined = (uint8_t)i;
	}
	return shown;
}

int view_table_begin(struct view_table *t, const struct view_column *columns, size_t n,
		     unsigned int modes, struct table_sink *out, struct fault *fault)
{
	assert(n <= VIEW_COLUMNS_MAX);
	*t = (struct view_table){0};
	for (size_t i = 0; i < n; i++) {
		const struct view_column *c = &columns[i];
		uint8_t where = column_where(c, modes);

		assert(c->part < VIEW_PARTS_MAX);
		if (!(where & out->shows))
			continue;
		t->columns[t->n] =
			(struct column){c->key, c->head, where, c->width, c->is_right, c->decimals};
		t->shown[t->n++] = shown_column(c);
	}
	return table_begin(out, t->columns, t->n, fault);
}

struct cell column_time(const void *at)
{
	return cell_time(*(const uint64_t *)at);
}

struct cell column_u64(const void *at)
{
	return cell_u64(*(const uint64_t *)at);
}

struct cell column_u32(const void *at)
{
	return cell_u64(*(const uint32_t *)at);
}

struct cell column_some_u64(const void *at)
{
	return cell_some(*(const uint64_t *)at);
}

struct cell column_some_u32(const void *at)
{
	return cell_some(*(const uint32_t *)at);
}

struct cell column_some_u16(const void *at)
{
	return cell_some(*(const uint16_t *)at);
}

struct cell column_some_hex(const void *at)
{
	uint64_t v = *(const uint64_t *)at;

	return v ? cell_hex(v) : cell_absent();
}

struct cell column_fixed(const void *at)
{
	return cell_fixed(*(const uint64_t *)at);
}

struct cell column_i32(const void *at)
{
	return cell_i64(*(const int32_t *)at);
}

struct cell column_some_i32(const void *at)
{
	int32_t v = *(const int32_t *)at;

	return v ? cell_i64(v) : cell_absent();
}

struct cell column_pid(const void *at)
{
	return cell_pid(*(const int32_t *)at);
}

struct cell column_str(const void *at)
{
	return cell_str(*(const char *const *)at);
}

struct cell column_word(const void *at)
{
	return cell_word(*(const char *const *)at);
}

struct cell column_chars(const void *at)
{
	const char *s = at;

	return *s ? cell_str(s) : cell_absent();
}

struct cell column_endpoint(const void *at)
{
	return cell_endpoint(at);
}

struct cell column_addr(const void *at)
{
	return cell_addr(at);
}

struct cell column_port(const void *at)
{
	return cell_port(*(const uint16_t *)at);
}

struct cell column_state(const void *at)
{
	int32_t state = *(const int32_t *)at;

	return state ? cell_state(state) : cell_absent();
}

struct cell column_cell(const void *at)
{
	return *(const struct cell *)at;
}

static inline void cell_put_number(struct cell *cell, enum cell_kind kind, uint64_t v)
{
	cell->kind = kind;
	cell->u64 = v;
}

static inline void cell_put_text(struct cell *cell, const char *s, bool is_constant)
{
	if (!s) {
		cell->kind = CELL_ABSENT;
		return;
	}
	cell->kind = CELL_STR;
	cell->is_constant = is_constant;
	cell->n = (uint32_t)strlen(s);
	cell->str = s;
}

static inline void cell_put_endpoint(struct cell *cell, const struct endpoint *e)
{
	cell->kind = CELL_ENDPOINT;
	cell->family = e->addr.family;
	cell->port = e->port;
	cell->addr = e->addr.bytes;
}

static inline void cell_put_addr(struct cell *cell, const struct ip_addr *a)
{
	cell->kind = a->family ? CELL_ADDR : CELL_ABSENT;
	cell->family = a->family;
	cell->addr = a->bytes;
}

/* Makes the same cell as the getter, but sets only the members that a renderer reads. */
static inline void shown_put(const struct view_shown *c, const void *at, struct cell *cell)
{
	const char *const *text = at;
	uint64_t v;

	switch (c->inlined) {
	case INLINED_TIME: cell_put_number(cell, CELL_TIME, *(const uint64_t *)at); break;
	case INLINED_U64: cell_put_number(cell, CELL_U64, *(const uint64_t *)at); break;
	case INLINED_U32: cell_put_number(cell, CELL_U64, *(const uint32_t *)at); break;
	case INLINED_SOME_U64:
		v = *(const uint64_t *)at;
		cell_put_number(cell, v ? CELL_U64 : CELL_ABSENT, v);
		break;
	case INLINED_SOME_HEX:
		v = *(const uint64_t *)at;
		cell_put_number(cell, v ? CELL_HEX : CELL_ABSENT, v);
		break;
	case INLINED_SOME_U32:
		v = *(const uint32_t *)at;
		cell_put_number(cell, v ? CELL_U64 : CELL_ABSENT, v);
		break;
	case INLINED_SOME_U16:
	case INLINED_PORT:
		v = *(const uint16_t *)at;
		cell_put_number(cell, v ? CELL_U64 : CELL_ABSENT, v);
		break;
	case INLINED_PID:
		v = (uint64_t)(int64_t) * (const int32_t *)at;
		cell_put_number(cell, (int64_t)v > 0 ? CELL_I64 : CELL_ABSENT, v);
		break;
	case INLINED_CHARS: cell_put_text(cell, *(const char *)at ? at : NULL, false); break;
	case INLINED_STR: cell_put_text(cell, *text, false); break;
	case INLINED_WORD: cell_put_text(cell, *text, true); break;
	case INLINED_ENDPOINT: cell_put_endpoint(cell, at); break;
	case INLINED_ADDR: cell_put_addr(cell, at); break;
	case INLINED_CELL: *cell = *(const struct cell *)at; break;
	default: *cell = c->get(at);
	}
}

int view_table_row(struct view_table *t, const void *const parts[], struct table_sink *out,
		   struct fault *fault)
{
	const struct view_shown *c = t->shown, *end = c + t->n;
	struct cell *cell = t->cells;

	for (; c < end; c++, cell++)
		shown_put(c, (const char *)parts[c->part] + c->at, cell);
	return table_row(out, t->cells, fault);
}
