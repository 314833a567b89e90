/* SPDX-License-Identifier: MIT */
/*
 * render: presentations of a table, one per file. Output goes to a descriptor through one buffer;
 * numbers are written without printf.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "table/clock.h"
#include "table/table.h"

enum render_time {
	RENDER_TIME_LOCAL,
	RENDER_TIME_UTC,
	RENDER_TIME_REL, /* seconds since the tape's first event or start */
	RENDER_TIME_UNIX,
};

/* The terminal that rows go to; false: it is none. */
typedef bool (*render_size_fn)(int fd, unsigned int *ret_rows, unsigned int *ret_columns);

struct render_options {
	render_size_fn size; /* NULL: no terminal */
	int fd;		     /* where rows go */
	int note_fd;	     /* where notes go when rows are data */
	enum render_time time;
	bool use_color;
	bool with_rules; /* documents in text: what each finding's rule is, too */
	struct tape_clock clock;
};

struct renderer {
	const char *name; /* "text" */
	const char *summary;
	/* Released by finish. */
	int (*new)(const struct render_options *o, struct table_sink *ret, struct fault *fault);
	/* Flushes and verifies that all was written. Frees always. */
	int (*finish)(struct table_sink *s, struct fault *fault);
};

extern const struct renderer *const renderers[];
extern const size_t n_renderers;
