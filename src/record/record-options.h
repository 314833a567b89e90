/* SPDX-License-Identifier: MIT */
/*
 * record-options: what the caller wants recorded, and the callbacks that report progress.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcp/filter.h"

struct record_status {
	uint64_t elapsed_ns;
	uint64_t events;       /* recorded so far */
	uint64_t events_per_s; /* over the last second */
	uint64_t lost;
	uint64_t tape_bytes;
};

struct record_options {
	const char *output;	 /* path, or "-" for standard output */
	bool output_must_be_new; /* the path is a default: an existing file is an error */
	/* A profile of tracepoint/catalog.h, or "all"; NULL: "loss", unless events are given. */
	const char *profile;
	const char *const *events; /* more tracepoints, "system:name", either part may be a glob */
	size_t n_events;
	uint64_t duration_ns;	    /* 0: no limit */
	uint64_t ring_bytes;	    /* per CPU; 0: default; rounded up to a power of two pages */
	unsigned int realtime;	    /* SCHED_FIFO priority of the draining thread; 0: none */
	bool no_stacks;		    /* no call chains */
	bool no_sockets;	    /* no rows from sock_diag */
	bool no_counters;	    /* no readings of the kernel's counters and settings */
	bool raw_pointers;	    /* keep kernel addresses in the tape */
	char *const *command;	    /* NULL, or an argv that ends in NULL */
	struct event_filter filter; /* which connections to record */
	const char *command_line;   /* how tcptape was called, for the tape */
	/* Called once a second while recording; NULL: never. */
	void (*status)(void *userdata, const struct record_status *s);
	/* Called for each notice to the user, such as a missing tracepoint or missing call chains.
	 * NULL: never. */
	void (*notice)(void *userdata, const char *line);
	void *userdata;
};

static inline void record_notice(const struct record_options *o, const char *line)
{
	if (o->notice)
		o->notice(o->userdata, line);
}
