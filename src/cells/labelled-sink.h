/* SPDX-License-Identifier: MIT */
/*
 * labelled-sink: a sink in front of another one that shows the user's names for the ends of
 * connections, in every table that has their addresses. Programs get two more columns, llabel and
 * rlabel, after the last. Text has the names in the place of the addresses (cells/label-text.h).
 */
#pragma once

#include "base/text.h"
#include "table/table.h"
#include "tcp/labels.h"

struct labelled_column;

/* It lives in the caller's struct, which must not move while the sink is used. */
struct labelled_sink {
	struct table_sink inner; /* gets the rows */
	const struct labels *labels;
	/* The table that is open, with `n` columns of the view. */
	struct column *columns;
	struct cell *cells;
	struct labelled_column *places; /* one for each column */
	size_t n, n_all;
	struct text *texts; /* for the cells of this row, one for each of n */
};

/* The sink that writes to s. s->inner and s->labels must be set, and all else zero. */
struct table_sink labelled_sink_open(struct labelled_sink *s);
void labelled_sink_done(struct labelled_sink *s);
