/* SPDX-License-Identifier: MIT */
/*
 * render: the user's choices that apply to every output format: how times are written, where the
 * output goes, whether it has colours. The formats themselves are in rows/, document/ and html/.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "table/clock.h"
#include "table/table.h"

enum render_time {
	RENDER_TIME_LOCAL,
	RENDER_TIME_UTC,
	RENDER_TIME_REL,  /* seconds since the start of the tape */
	RENDER_TIME_UNIX, /* seconds since 1970 */
};

/* Gives the size of the terminal that fd refers to, in characters. False: fd is no terminal. */
typedef bool (*render_size_fn)(int fd, unsigned int *ret_rows, unsigned int *ret_columns);

struct render_options {
	render_size_fn size; /* NULL: the output is never treated as a terminal */
	int fd;		     /* rows are written to it */
	int note_fd;	     /* notes are written to it when the rows are data for programs */
	enum render_time time;
	bool use_color;
	bool with_rules; /* a document in text also shows the rule of each finding */
	bool with_all;	 /* a document in text or Markdown leaves no line of a history out */
	struct tape_clock clock;
};
