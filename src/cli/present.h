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

int option_format(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_json(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_color(void *value, const char *arg, struct arena *arena, struct fault *fault);

/* The specs for a struct present_options that is `member` of `type`. */
#define PRESENT_SPECS(type, member)                                                                \
	{"format",	0,                                                                         \
	 "FORMAT",	"text, json (an object per line) or csv",                                  \
	 option_format, offsetof(type, member.format)},                                            \
		{"json",      0,                                                                   \
		 NULL,	      "same as --format json",                                             \
		 option_json, offsetof(type, member.format)},                                      \
	{                                                                                          \
		"color", 0, "WHEN", "auto, always or never", option_color,                         \
			offsetof(type, member.color)                                               \
	}

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
