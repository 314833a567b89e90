/* SPDX-License-Identifier: MIT */
/*
 * event-names: "system:name" of each tracepoint of a tape, made once. {0} is a valid empty one.
 */
#pragma once

#include "base/arena.h"
#include "table/table.h"
#include "tcp/event.h"

struct event_names {
	struct arena arena;
	struct cell *cells; /* by tracepoint */
	size_t n;
};

void event_names_done(struct event_names *n);
/* 0 or -ENOMEM. */
int event_names_cell(struct event_names *n, const struct tcp_event *e, struct cell *ret) MUST_CHECK;
