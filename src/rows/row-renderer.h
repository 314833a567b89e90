/* SPDX-License-Identifier: MIT */
/*
 * row-renderer: the interface of the renderers of rows, which are one per output format and file.
 * Each file ends in its const descriptor; row-renderer.c has the code that they share.
 * cli/formats.c lists the descriptors.
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
	/* Initialises the rest of the renderer's struct. NULL: the struct has no more than a
	 * row_writer. */
	void (*init)(struct row_writer *w, const struct render_options *o);
	/* Releases the rest of the renderer's struct. NULL: there is nothing to release. */
	void (*done)(struct row_writer *w);
};

extern const struct row_renderer row_text;
extern const struct row_renderer row_json;
extern const struct row_renderer row_csv;

/* Gives a sink that writes to the file descriptors of the options. row_renderer_finish releases
 * it. */
int row_renderer_open(const struct row_renderer *renderer, const struct render_options *o,
		      struct table_sink *ret, struct fault *fault) MUST_CHECK;
/* Writes out the buffered rows and verifies that all was written. Releases the sink, also on
 * failure. */
int row_renderer_finish(const struct row_renderer *renderer, struct table_sink *s,
			struct fault *fault) MUST_CHECK;

/* Table operations that renderers share. */

/* Remembers the columns. */
int row_writer_begin(struct table_sink *s, const struct column *columns, size_t n_columns,
		     struct fault *fault);
/* Writes the line to the descriptor for notes, for renderers whose rows are data for programs. */
int row_writer_note(struct table_sink *s, const char *line, struct fault *fault);
int row_writer_flush(struct table_sink *s, struct fault *fault);
