/* SPDX-License-Identifier: MIT */
/*
 * view: one analysis. A file per view ends in its const descriptor; view/views.c lists them. A
 * view is fed events in time order and gives rows to a table sink; it can see neither files nor
 * the kernel nor output formats.
 */
#pragma once

#include "base/arena.h"
#include "base/fault.h"
#include "table/table.h"
#include "tcp/event.h"

enum view_option_kind {
	VIEW_OPTION_FLAG,  /* bool */
	VIEW_OPTION_COUNT, /* uint64_t, an argument */
	VIEW_OPTION_STR,   /* const char *, borrowed */
};

/* One option of a view: parsed, shown in --help and completed from this table. */
struct view_option {
	const char *name; /* "lossprobe" */
	char letter;	  /* 'l'; 0: none */
	enum view_option_kind kind;
	const char *arg; /* "N"; NULL for flags */
	const char *help;
	size_t offset; /* of the value in the view's options struct */
};

/* What happens with events that have no decoded form of their own. */
enum view_print {
	VIEW_PRINT_NONE,
	VIEW_PRINT_UNBOUND,
	VIEW_PRINT_ALL,
};

struct view {
	const char *name;
	const char *summary; /* one line */
	const char *detail;  /* paragraphs for --help; may be NULL */
	const struct view_option *options;
	size_t n_options;
	size_t options_size; /* zeroed before parsing */
	size_t state_size;   /* zeroed before init */
	/* Kinds that feed wants, given the options. */
	tcp_kinds (*wants)(const void *options);
	enum view_print (*print)(const void *options); /* NULL: VIEW_PRINT_NONE */
	int (*init)(void *state, const void *options, struct table_sink *out, struct fault *fault);
	/* e is borrowed for the call. */
	int (*feed)(void *state, const struct tcp_event *e, struct table_sink *out,
		    struct fault *fault);
	/* After the last event: totals, tables, notes. NULL: nothing. */
	int (*emit)(void *state, struct table_sink *out, struct fault *fault);
	void (*done)(void *state); /* NULL: nothing to release */
};

extern const struct view *const views[];
extern const size_t n_views;
