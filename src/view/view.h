/* SPDX-License-Identifier: MIT */
/*
 * view: one analysis. A file per view ends in its const descriptor; view/views.c lists them. A
 * view is fed events in time order and gives rows to a table sink; it can see neither files nor
 * the kernel nor output formats.
 */
#pragma once

#include "base/arena.h"
#include "base/fault.h"
#include "base/options.h"
#include "table/clock.h"
#include "table/table.h"
#include "tcp/conn.h"
#include "tcp/event.h"
#include "tcp/filter.h"

/* What happens with events that have no decoded form of their own. */
enum view_print {
	VIEW_PRINT_NONE,
	VIEW_PRINT_UNBOUND,
	VIEW_PRINT_ALL,
};

/* What a view is told beside events. Good as long as its state. */
struct view_context {
	const struct event_filter *filter; /* what is to be shown; see event_filter_passes */
	uint64_t since_ns,
		until_ns;	 /* rows of since <= time < until are to be shown; known from the
					first feed, conn or tick on (0 and UINT64_MAX: all) */
	tcp_kinds recorded;	 /* kinds that the tape has tracepoints for; known then, too */
	bool is_live;		 /* a stream: a row should be out within a quarter of a second */
	struct tape_clock clock; /* the tape's; {0}: not known */
	/* The cgroup path of a process that held sockets, or NULL. */
	const char *(*cgroup)(void *userdata, int32_t pid);
	void *userdata;
};

static inline bool view_in_window(const struct view_context *c, uint64_t ts_ns)
{
	return ts_ns >= c->since_ns && ts_ns < c->until_ns;
}

/* Is the connection to be shown? One that has ended is, if it ended in the window; one that is open
 * is, if it lived in the window. */
static inline bool view_shows_conn(const struct view_context *context, const struct tcp_conn *c)
{
	if (!event_filter_passes_conn(context->filter, c))
		return false;
	if (c->ending == TCP_ENDING_OPEN)
		return c->end_ns >= context->since_ns;
	return view_in_window(context, c->end_ns);
}

/* Microseconds from the start of the tape to ts_ns; 0 where the start is not known, or later. */
static inline uint64_t view_seconds_us(const struct view_context *c, uint64_t ts_ns)
{
	uint64_t start = tape_clock_start(&c->clock, 0);

	return ts_ns > start ? (ts_ns - start) / 1000 : 0;
}

/* The cgroup path of a process, or NULL where it is not known. */
static inline const char *view_cgroup_of(const struct view_context *c, int32_t pid)
{
	return c->cgroup && pid > 0 ? c->cgroup(c->userdata, pid) : NULL;
}

struct view {
	const char *name;
	const char *summary;		   /* one line */
	const char *detail;		   /* paragraphs for --help; may be NULL */
	const struct option_spec *options; /* parsed into its options struct */
	size_t n_options;
	/* What `live` records for it. NULL: profile loss, and nothing else. */
	const char *live_profile;
	const char *const *live_events; /* ends in NULL */
	size_t options_size;		/* zeroed before parsing */
	size_t state_size;		/* zeroed before init */
	/* Kinds that feed wants, given the options. */
	tcp_kinds (*wants)(const void *options);
	tcp_kinds uses; /* and those that it is fed where the tape has them */
	enum view_print (*print)(const void *options); /* NULL: VIEW_PRINT_NONE */
	/* The options ask for the tape's rows, undecoded, in place of the view. NULL: never. */
	bool (*shows_fields)(const void *options);
	int (*init)(void *state, const void *options, const struct view_context *context,
		    struct table_sink *out, struct fault *fault);
	/* feed gets every event of a wanted kind, not only those that pass the filter and the
	 * window: the view looks at both itself. */
	bool feeds_all;
	/* e is borrowed for the call. NULL: only conn is of interest. */
	int (*feed)(void *state, const struct tcp_event *e, struct table_sink *out,
		    struct fault *fault);
	bool feeds_extras; /* feed looks at e->extras; else events have none */
	/*
	 * A connection, attempt or listener has ended and is fully known, or is open where the tape
	 * ends (those come last, after the last event and before emit). In the order of end_ns.
	 * Unfiltered: see event_filter_passes_conn. NULL: not of interest, and then e->conn of the
	 * events is NULL, too.
	 */
	int (*conn)(void *state, const struct tcp_conn *c, struct table_sink *out,
		    struct fault *fault);
	/* Everything before now_ns has been fed; on a stream about five times a second. NULL:
	 * nothing. */
	int (*tick)(void *state, uint64_t now_ns, struct table_sink *out, struct fault *fault);
	/* After the last event: totals, tables, notes. NULL: nothing. */
	int (*emit)(void *state, struct table_sink *out, struct fault *fault);
	void (*done)(void *state); /* NULL: nothing to release */
};

extern const struct view *const views[];
extern const size_t n_views;
