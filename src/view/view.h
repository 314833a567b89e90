/* SPDX-License-Identifier: MIT */
/*
 * view: one analysis of a tape. A view is fed events in time order and emits rows to a table sink;
 * it can see neither files nor the kernel nor output formats. The file of each view ends in its
 * const descriptor, a struct view; view/views.c lists them.
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

/* The events for which the view needs tcp_event.print. */
enum view_print {
	VIEW_PRINT_NONE,
	VIEW_PRINT_UNBOUND, /* events that have no decoded form */
	VIEW_PRINT_ALL,
};

struct counter_book;

/* What a view knows besides events. It lives as long as the view's state. */
struct view_context {
	const struct event_filter *filter; /* what the user wants to see */
	const struct labels *labels;	   /* the user's names for addresses; NULL: none */
	/* The window: rows with since_ns <= time < until_ns are shown (0 and UINT64_MAX: all). It
	 * is set before the first call of feed, conn or tick. */
	uint64_t since_ns, until_ns;
	uint64_t end_ns; /* of the tape, or of the window if that ends earlier; set before emit */
	tcp_kinds recorded;	 /* kinds that the tape has tracepoints for; set when since_ns is */
	bool is_live;		 /* a stream: a row should be out within a quarter of a second */
	struct tape_clock clock; /* the clock of the tape; {0}: not known */
	/* What the kernel's counters did in the window, as far as the tape was read
	 * (counter/book.h). NULL: the view does not use them. */
	const struct counter_book *counters;
	/* The control group with the number that struct owner has; NULL: unknown. */
	const struct owner_cgroup *(*cgroup)(void *userdata, uint32_t number);
	void *userdata;
};

static inline bool view_in_window(const struct view_context *c, uint64_t ts_ns)
{
	return ts_ns >= c->since_ns && ts_ns < c->until_ns;
}

/* Whether the connection is to be shown: it passes the filter, and has ended in the window, or is
 * open and lived in the window. */
static inline bool view_shows_conn(const struct view_context *context, const struct tcp_conn *c)
{
	if (!event_filter_passes_conn(context->filter, c))
		return false;
	if (c->ending == TCP_ENDING_OPEN)
		return c->end_ns >= context->since_ns;
	return view_in_window(context, c->end_ns);
}

/* Microseconds from the start of the tape to ts_ns; 0 if ts_ns is before the start. An unknown
 * clock starts at 0. */
static inline uint64_t view_seconds_us(const struct view_context *c, uint64_t ts_ns)
{
	uint64_t start = tape_clock_start(&c->clock, 0);

	return ts_ns > start ? (ts_ns - start) / 1000 : 0;
}

/* The control group of an owner when it was last seen to own its socket; NULL: unknown. */
static inline const struct owner_cgroup *view_cgroup_of(const struct view_context *c,
							const struct owner *o)
{
	return c->cgroup && o->cgroup ? c->cgroup(c->userdata, o->cgroup) : NULL;
}

struct view {
	const char *name;
	const char *summary;		   /* one line */
	const char *detail;		   /* paragraphs for --help; may be NULL */
	const struct option_spec *options; /* parsed into the view's struct of options */
	size_t n_options;
	/* The profile that `live` records for the view (NULL: loss), and additional events (an
	 * array that ends in NULL; NULL: none). */
	const char *live_profile;
	const char *const *live_events;
	size_t options_size; /* size of the struct of options, which is zeroed before parsing */
	size_t state_size;   /* size of the view's state, which is zeroed before init */
	/* The kinds that the view needs, given the options. */
	tcp_kinds (*wants)(const void *options);
	tcp_kinds uses; /* more kinds, which feed gets if the tape has them */
	enum view_print (*print)(const void *options); /* NULL: VIEW_PRINT_NONE */
	/* Whether the options ask for undecoded rows of the tape in place of the view. NULL:
	 * never. */
	bool (*shows_fields)(const void *options);
	int (*init)(void *state, const void *options, const struct view_context *context,
		    struct table_sink *out, struct fault *fault);
	/* feed gets every event of a wanted kind, not only those that pass the filter and are in
	 * the window: the view checks both itself. */
	bool feeds_all;
	/* Takes an event, which is borrowed for the call. NULL: the view wants only conn. */
	int (*feed)(void *state, const struct tcp_event *e, struct table_sink *out,
		    struct fault *fault);
	bool uses_counters; /* context->counters is wanted */
	bool feeds_extras;  /* feed reads e->extras; else events have none */
	/* feed reads e->tcp_info; else it has those fields only that the tracker reads. */
	bool feeds_tcp_info;
	/*
	 * Takes a connection, attempt or listener, when it has ended and nothing more will be
	 * learned of it; and at the end of the tape those that are still open, after the last event
	 * and before emit. The order is that of end_ns. Connections are not filtered, see
	 * event_filter_passes_conn(). NULL: the view wants no connections, and e->conn of its
	 * events is NULL, too.
	 */
	int (*conn)(void *state, const struct tcp_conn *c, struct table_sink *out,
		    struct fault *fault);
	/* Called when everything before now_ns has been fed; on a stream about five times a second.
	 * NULL: nothing to do. */
	int (*tick)(void *state, uint64_t now_ns, struct table_sink *out, struct fault *fault);
	/* Called after the last event, to emit totals, tables and notes. NULL: nothing to do. */
	int (*emit)(void *state, struct table_sink *out, struct fault *fault);
	void (*done)(void *state); /* NULL: nothing to release */
};

extern const struct view *const views[];
extern const size_t n_views;
