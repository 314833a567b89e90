/* SPDX-License-Identifier: MIT */
/*
 * row-renderer: presentations of the rows of a view, one per file. Each ends in a const descriptor;
 * what they have in common stands in row-renderer.c. cli/formats.c lists them.
 */
#pragma once

#include "render/out-buffer.h"
#include "render/render.h"
#include "render/timestamp.h"

/* The state that every renderer of rows has. One that needs more begins its own struct with it. */
struct row_writer {
	struct out_buffer out;
	struct timestamp timestamp;
	const struct column *columns; /* of the table that is open; borrowed from the view */
	size_t n_columns;
};

/* The operations find their struct row_writer in the sink's `self`. */
struct row_renderer {
	const struct table_ops *ops;
	uint8_t shows;	   /* COLUMN_*: the columns that the renderer looks at */
	size_t state_size; /* of the struct that begins with a row_writer; zeroed before init */
	/* How times are written: timestamp_for_text or timestamp_for_data. */
	struct timestamp (*timestamp)(const struct render_options *o);
	/* Fills in what is beside the row_writer. NULL: nothing is. */
	void (*init)(struct row_writer *w, const struct render_options *o);
	/* Releases what is beside the row_writer. NULL: nothing to release. */
	void (*done)(struct row_writer *w);
};

extern const struct row_renderer row_text;
extern const struct row_renderer row_json;
extern const struct row_renderer row_csv;

/* Gives a sink that writes to the descriptors of the options. row_renderer_finish releases it. */
int row_renderer_open(const struct row_renderer *renderer, const struct render_options *o,
		      struct table_sink *ret, struct fault *fault) MUST_CHECK;
/* Writes out what is buffered and verifies that all was written. Releases the sink, also on
 * failure. */
int row_renderer_finish(const struct row_renderer *renderer, struct table_sink *s,
			struct fault *fault) MUST_CHECK;

/* Operations that renderers share. */

/* Remembers the columns. */
int row_writer_begin(struct table_sink *s, const struct column *columns, size_t n_columns,
		     struct fault *fault);
/* Writes the line to the descriptor for notes: the rows are data for programs. */
int row_writer_note(struct table_sink *s, const char *line, struct fault *fault);
int row_writer_flush(struct table_sink *s, struct fault *fault);
