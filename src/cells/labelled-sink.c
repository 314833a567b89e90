// SPDX-License-Identifier: MIT
#include "cells/labelled-sink.h"

#include <stdlib.h>
#include <string.h>

#include "cells/label-text.h"

#define NO_COLUMN SIZE_MAX

/* What a column has to do with an end of a connection. */
struct labelled_column {
	bool is_in_text;
	size_t port; /* the column with the port of its address */
	size_t addr; /* of llabel and rlabel: the column with the address */
};

struct label_end {
	const char *addr, *port, *label; /* keys of columns */
};

static const struct label_end ends[] = {
	{"laddr", "lport", "llabel"},
	{"raddr", "rport", "rlabel"},
};

static void table_done(struct labelled_sink *s)
{
	for (size_t i = 0; s->texts && i < s->n; i++)
		text_done(&s->texts[i]);
	free(s->columns);
	free(s->cells);
	free(s->places);
	free(s->texts);
	s->columns = NULL;
	s->cells = NULL;
	s->places = NULL;
	s->texts = NULL;
	s->n = s->n_all = 0;
}

static size_t column_with_key(const struct labelled_sink *s, const char *key)
{
	for (size_t i = 0; i < s->n; i++) {
		if (!strcmp(s->columns[i].key, key))
			return i;
	}
	return NO_COLUMN;
}

/* The end that the address in the column is of; NULL: of none. */
static const struct label_end *end_of(const struct column *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		if (!strcmp(c->key, ends[i].addr))
			return &ends[i];
	}
	return NULL;
}

static void label_columns_add(struct labelled_sink *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t addr = column_with_key(s, ends[i].addr);

		if (addr == NO_COLUMN || !(s->columns[addr].where & s->inner.shows & COLUMN_DATA))
			continue;
		s->places[s->n_all] = (struct labelled_column){
			.addr = addr,
			.port = column_with_key(s, ends[i].port),
		};
		s->columns[s->n_all++] =
			(struct column){.key = ends[i].label, .where = COLUMN_DATA};
	}
}

static int labelled_begin(struct table_sink *sink, const struct column *columns, size_t n_columns,
			  struct fault *fault)
{
	struct labelled_sink *s = sink->self;
	size_t max = n_columns + ARRAY_SIZE(ends);

	table_done(s);
	s->columns = calloc(max, sizeof(*s->columns));
	s->cells = calloc(max, sizeof(*s->cells));
	s->places = calloc(max, sizeof(*s->places));
	s->texts = calloc(max, sizeof(*s->texts));
	if (!s->columns || !s->cells || !s->places || !s->texts)
		return fault_no_memory(fault);
	if (n_columns)
		memcpy(s->columns, columns, n_columns * sizeof(*columns));
	s->n = s->n_all = n_columns;
	for (size_t i = 0; i < s->n; i++) {
		const struct label_end *end = end_of(&columns[i]);

		s->places[i] = (struct labelled_column){
			.is_in_text = columns[i].where & s->inner.shows & COLUMN_TEXT,
			.port = end ? column_with_key(s, end->port) : NO_COLUMN,
		};
	}
	label_columns_add(s);
	return table_begin(&s->inner, s->columns, s->n_all, fault);
}

/* The endpoint that a cell shows, whose address may be unknown; false: it shows none. */
static bool cell_end(const struct cell *cells, const struct cell *cell, size_t port,
		     struct endpoint *ret)
{
	if (cell->kind != CELL_ADDR && cell->kind != CELL_ENDPOINT && cell->kind != CELL_ABSENT)
		return false;
	*ret = (struct endpoint){.addr.family = 0};
	if (cell->kind != CELL_ABSENT && cell->family) {
		ret->addr.family = cell->family;
		memcpy(ret->addr.bytes, cell->addr, cell->family == 4 ? 4 : 16);
	}
	if (cell->kind == CELL_ENDPOINT)
		ret->port = cell->port;
	else if (port != NO_COLUMN && cells[port].kind == CELL_U64)
		ret->port = (uint16_t)cells[port].u64;
	return true;
}

/* A cell with the name in place of the address, or before it. */
static struct cell named_cell(const struct label *label, bool with_port, const struct endpoint *e,
			      struct text *t)
{
	text_clear(t);
	if (with_port)
		label_endpoint_text(label, e, t);
	else
		label_addr_text(label, e, t);
	return (struct cell){.kind = CELL_STR, .n = (uint32_t)t->len, .str = text_cstr(t)};
}

static int labelled_row(struct table_sink *sink, const struct cell *cells, struct fault *fault)
{
	struct labelled_sink *s = sink->self;
	struct endpoint e;

	for (size_t i = 0; i < s->n; i++) {
		const struct label *label;

		s->cells[i] = cells[i];
		if (!s->places[i].is_in_text || cells[i].kind == CELL_ABSENT ||
		    !cell_end(cells, &cells[i], s->places[i].port, &e))
			continue;
		label = labels_find(s->labels, &e);
		if (label)
			s->cells[i] =
				named_cell(label, cells[i].kind == CELL_ENDPOINT, &e, &s->texts[i]);
		if (s->texts[i].failed)
			return fault_no_memory(fault);
	}
	for (size_t i = s->n; i < s->n_all; i++) {
		bool is_end = cell_end(cells, &cells[s->places[i].addr], s->places[i].port, &e);

		s->cells[i] = cell_word(is_end ? labels_name(s->labels, &e) : NULL);
	}
	return table_row(&s->inner, s->cells, fault);
}

static int labelled_note(struct table_sink *sink, const char *line, struct fault *fault)
{
	struct labelled_sink *s = sink->self;

	return table_note(&s->inner, line, fault);
}

static int labelled_page(struct table_sink *sink, uint64_t ts_ns, const char *title, bool is_screen,
			 struct fault *fault)
{
	struct labelled_sink *s = sink->self;

	return table_page(&s->inner, ts_ns, title, is_screen, fault);
}

static int labelled_flush(struct table_sink *sink, struct fault *fault)
{
	struct labelled_sink *s = sink->self;

	return table_flush(&s->inner, fault);
}

static const struct table_ops labelled_ops = {
	.begin = labelled_begin,
	.row = labelled_row,
	.note = labelled_note,
	.page = labelled_page,
	.flush = labelled_flush,
};

struct table_sink labelled_sink_open(struct labelled_sink *s)
{
	return (struct table_sink){.ops = &labelled_ops, .self = s, .shows = s->inner.shows};
}

void labelled_sink_done(struct labelled_sink *s)
{
	table_done(s);
}
