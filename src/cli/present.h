/* SPDX-License-Identifier: MIT */
/*
 * present: writes rows or a document to standard output, in the format that the user chose.
 */
#pragma once

#include "cli/command.h"
#include "cli/formats.h"
#include "render/render.h"

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct present_options {
	const struct format *format; /* NULL: none was chosen, which means text */
	enum color_mode color;
	bool with_rules; /* a document shows the rule of each finding */
	bool with_all;	 /* a document leaves no line of a history out */
};

/* --format, --json and --color, for commands that print rows. */
extern const struct option_table present_option_table;
/* --format, --md and --json, which exclude each other, for commands that print a document. */
extern const struct option_table document_option_table;
/* --color alone. All three tables fill a struct present_options. */
extern const struct option_table color_option_table;

bool present_is_json(const struct present_options *o);
bool present_is_text(const struct present_options *o);

/* Begins the output of rows, which present_finish ends. clock may be NULL when no cell is a
 * time. */
int present_open(const struct present_options *o, enum render_time time,
		 const struct tape_clock *clock, struct table_sink *ret,
		 struct fault *fault) MUST_CHECK;
/* Flushes the output, verifies that all of it was written, and releases the sink. */
int present_finish(const struct present_options *o, struct table_sink *sink,
		   struct fault *fault) MUST_CHECK;

/* Appends the document in the chosen format, which must be a format of documents. */
int present_render(const struct present_options *o, enum render_time time,
		   const struct tape_clock *clock, const struct document *d, struct text *out,
		   struct fault *fault) MUST_CHECK;
/* Writes the document to standard output in the chosen format. */
int present_document(const struct present_options *o, enum render_time time,
		     const struct tape_clock *clock, const struct document *d,
		     struct fault *fault) MUST_CHECK;
