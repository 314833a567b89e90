/* SPDX-License-Identifier: MIT */
/*
 * event-names: the name "system:name" of each tracepoint of a tape as a cell, which is made once.
 * {0} is a valid empty struct event_names.
 */
#pragma once

#include "base/arena.h"
#include "table/table.h"
#include "tcp/event.h"

struct event_names {
	struct arena arena;
	struct cell *cells; /* index: tcp_event.tracepoint */
	size_t n;
};

void event_names_done(struct event_names *n);
/* The cell with the name of e's tracepoint, good until event_names_done(). 0 or -ENOMEM. */
int event_names_cell(struct event_names *n, const struct tcp_event *e, struct cell *ret) MUST_CHECK;
