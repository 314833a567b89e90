/* SPDX-License-Identifier: MIT */
/*
 * present: the presentation that the user chose, on standard output.
 */
#pragma once

#include "cli/command.h"
#include "cli/formats.h"
#include "render/render.h"

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct present_options {
	const struct format *format; /* NULL: text */
	enum color_mode color;
};

/* --format and --json of commands that print rows. */
extern const struct option_table present_row_option_table;
/* --color. Both tables fill a struct present_options. */
extern const struct option_table present_color_option_table;
/* Both of them. */
extern const struct option_table present_option_table;

/* What a mode means for standard output, and how wide that is: a terminal's width up to 100, else 80
 * columns. */
bool present_wants_color(enum color_mode mode);
unsigned int present_width(void);

bool present_is_json(const struct present_options *o);
bool present_is_text(const struct present_options *o);
/* clock may be NULL where no cell is a time. Released by present_finish. */
int present_open(const struct present_options *o, enum render_time time,
		 const struct tape_clock *clock, struct table_sink *ret,
		 struct fault *fault) MUST_CHECK;
/* Flushes, verifies, releases. */
int present_finish(const struct present_options *o, struct table_sink *sink,
		   struct fault *fault) MUST_CHECK;
