/* SPDX-License-Identifier: MIT */
/*
 * formats: the table of output formats, in the order of the help. --format, its help and its
 * completion, the manual pages and the tests take the formats from here. A new format is one file in
 * rows/, document/ or a room of its own, and one line in the table.
 *
 * An exporter (to a database, to pcapng, to a trace viewer) is no format of this table: it takes the
 * events and connections of a tape, as a view does, and not rows of cells that a view has made.
 */
#pragma once

#include "rows/row-renderer.h"

struct format {
	const char *name;    /* the argument of --format */
	const char *summary; /* one line for manual pages */
	const char
		*rows_remark; /* stands in brackets after the name in a view's help; may be NULL */
	const struct row_renderer *rows; /* renders rows of a view; NULL: the format has no rows */
};

extern const struct format formats[];
extern const size_t n_formats;

/* The format of that name. It must be in the table. */
const struct format *format_named(const char *name);
