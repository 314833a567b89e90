// SPDX-License-Identifier: MIT
#include "render/cell-text.h"

#include "render/fastfmt.h"

static void cell_string(struct text *t, const char *s, size_t n, bool is_terminal)
{
	if (is_terminal)
		fastfmt_safe(t, s, n);
	else
		text_mem(t, s, n);
}

static void cell_list_text(struct text *t, const struct cell *cell, bool is_terminal)
{
	for (uint32_t i = 0; i < cell->n; i++) {
		const char *entry = cell->list[i] ? cell->list[i] : "?";

		if (i)
			text_char(t, ';');
		cell_string(t, entry, strlen(entry), is_terminal);
	}
}

/* The largest of the numbers that share a place when n of them are drawn as `width` blocks. */
static uint64_t curve_place(const struct cell *cell, uint32_t place, uint32_t width)
{
	uint32_t end = (uint32_t)((uint64_t)cell->n * (place + 1) / width);
	uint64_t most = 0;

	for (uint32_t i = (uint32_t)((uint64_t)cell->n * place / width); i < end; i++)
		most = cell->curve[i] > most ? cell->curve[i] : most;
	return most;
}

/* Draws the numbers as at most `width` blocks, or writes all of them if it is 0. */
static void cell_curve_text(struct text *t, const struct cell *cell, uint32_t width)
{
	static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	uint64_t peak = curve_place(cell, 0, 1);

	for (uint32_t i = 0; !width && i < cell->n; i++) {
		if (i)
			text_char(t, ';');
		text_u64(t, cell->curve[i]);
	}
	if (width > cell->n)
		width = cell->n;
	for (uint32_t i = 0; i < width; i++) {
		uint64_t v = curve_place(cell, i, width);

		/* The lowest block stands for any number above 0, so that nothing is invisible. */
		text_str(t, blocks[v ? 1 + (size_t)((double)v * 7.0 / (double)peak) : 0]);
	}
}

static void cell_fields_text(struct text *t, const struct column *column, const struct cell *cell,
			     struct timestamp *timestamp, bool is_terminal)
{
	bool is_first = true;

	for (uint32_t i = 0; i < cell->n; i++) {
		const struct cell_field *f = &cell->fields[i];
		const char *word = is_terminal ? f->label : f->key;

		if (!word || f->cell.kind == CELL_ABSENT || f->cell.kind == CELL_FIELDS)
			continue;
		if (!is_first)
			text_char(t, is_terminal ? ' ' : ';');
		is_first = false;
		cell_string(t, word, strlen(word), is_terminal);
		text_char(t, '=');
		cell_text(t, column, &f->cell, timestamp, is_terminal);
	}
}

void cell_text(struct text *t, const struct column *column, const struct cell *cell,
	       struct timestamp *timestamp, bool is_terminal)
{
	char *start, *at;

	if (cell->kind == CELL_STR) {
		cell_string(t, cell->str, cell->n, is_terminal);
		return;
	}
	if (cell->kind == CELL_LIST) {
		cell_list_text(t, cell, is_terminal);
		return;
	}
	if (cell->kind == CELL_FIELDS) {
		cell_fields_text(t, column, cell, timestamp, is_terminal);
		return;
	}
	if (cell->kind == CELL_CURVE) {
		cell_curve_text(t, cell, is_terminal ? column->width : 0);
		return;
	}
	start = at = text_room(t, FASTFMT_MAX);
	if (!start)
		return;
	switch (cell->kind) {
	case CELL_ABSENT:
	case CELL_STR:
	case CELL_FIELDS:
	case CELL_CURVE:
	case CELL_LIST: break;
	case CELL_U64: at = fastfmt_u64(at, cell->u64); break;
	case CELL_I64: at = fastfmt_i64(at, cell->i64); break;
	case CELL_FIXED: at = fastfmt_fixed(at, cell->u64, column->decimals); break;
	case CELL_HEX: at = fastfmt_hex(at, cell->u64); break;
	case CELL_TIME: at = timestamp_put(timestamp, at, cell->u64, column->decimals); break;
	case CELL_ADDR: at = fastfmt_addr(at, cell->family, cell->addr); break;
	case CELL_ENDPOINT: at = fastfmt_endpoint(at, cell->family, cell->addr, cell->port); break;
	}
	t->len += (size_t)(at - start);
}
