/* SPDX-License-Identifier: MIT */
/*
 * formats: the table of output formats, in the order of the help. Views print rows; report, diff
 * and conn print a document. A new format is one file in rows/, document/ or a room of its own, and
 * one line in the table (a unit test asks for its name in the help of --format, too).
 *
 * An exporter (to a database, to pcapng, to a trace viewer) is no format of this table: it takes
 * the events and connections of a tape, as a view does, and not the cells that a view has made of
 * them.
 */
#pragma once

#include "document/renderer.h"
#include "rows/row-renderer.h"

struct format {
	const char *name;    /* the argument of --format */
	const char *summary; /* one line, for manual pages */
	const char *flag;    /* the option that means the same for a document, "--md"; or NULL */
	const struct row_renderer *rows;	  /* NULL: rows have no such format */
	const struct document_renderer *document; /* NULL: documents have no such format */
};

extern const struct format formats[];
extern const size_t n_formats;

/* Finds a format by its name, which must be in the table. */
const struct format *format_named(const char *name);
/* Appends the option that asks for a document in the format: "--md", "--format html". */
void format_option_text(const struct format *f, struct text *t);
