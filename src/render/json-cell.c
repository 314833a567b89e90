// SPDX-License-Identifier: MIT
#include "render/json-cell.h"

#include "render/fastfmt.h"

static void json_list(struct json_writer *w, const struct cell *cell)
{
	json_open(w, '[');
	for (uint32_t i = 0; i < cell->n; i++)
		json_cstr(w, cell->list[i] ? cell->list[i] : "?");
	json_close(w, ']');
}

/* Writes the JSON value of a cell that is no string and no list at `start`, where FASTFMT_MAX bytes
 * are free. *at becomes its end. False when the cell has no value: the caller then leaves out its
 * key, too. */
static bool json_value_text(struct timestamp *timestamp, char *start, char **at,
			    const struct column *column, const struct cell *cell)
{
	char *end = start;

	*end++ = '"';
	switch (cell->kind) {
	case CELL_U64: *at = fastfmt_u64(start, cell->u64); return true;
	case CELL_I64: *at = fastfmt_i64(start, cell->i64); return true;
	case CELL_FIXED: *at = fastfmt_fixed(start, cell->u64, column->decimals); return true;
	case CELL_HEX: end = fastfmt_hex(end, cell->u64); break;
	case CELL_TIME: end = timestamp_put(timestamp, end, cell->u64, 9); break;
	case CELL_ADDR:
		if (cell->family)
			end = fastfmt_addr(end, cell->family, cell->addr);
		break;
	case CELL_ENDPOINT:
		end = fastfmt_endpoint(end, cell->family, cell->addr, cell->port);
		break;
	case CELL_ABSENT:
	case CELL_STR:
	case CELL_FIELDS:
	case CELL_CURVE:
	case CELL_LIST: break;
	}
	if (end == start + 1)
		return false;
	*end++ = '"';
	*at = end;
	return true;
}

static void json_curve(struct json_writer *w, const struct cell *cell)
{
	json_open(w, '[');
	for (uint32_t i = 0; i < cell->n; i++)
		json_u64(w, cell->curve[i]);
	json_close(w, ']');
}

void json_cell(struct json_writer *w, const char *key, const struct column *column,
	       const struct cell *cell, struct timestamp *timestamp)
{
	char value[FASTFMT_MAX], *end;

	if (cell->kind == CELL_STR) {
		json_key(w, key);
		json_str(w, cell->str, cell->n);
	} else if (cell->kind == CELL_LIST) {
		json_key(w, key);
		json_list(w, cell);
	} else if (cell->kind == CELL_CURVE) {
		json_key(w, key);
		json_curve(w, cell);
	} else if (json_value_text(timestamp, value, &end, column, cell)) {
		json_key(w, key);
		json_verbatim(w, value, (size_t)(end - value));
	}
}
