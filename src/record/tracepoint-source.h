/* SPDX-License-Identifier: MIT */
/*
 * tracepoint-source: the list of tracepoints that a selection chooses from: tracefs, or a test's
 * table.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "kernel/tracefs.h"

struct tracepoint_source {
	/* True if the source has this tracepoint, and perf can open it. */
	bool (*has)(void *self, const char *system, const char *name);
	/* Lists all systems. */
	int (*systems)(void *self, struct tracefs_names *ret, struct fault *fault);
	/* Lists the tracepoints of one system. */
	int (*events)(void *self, const char *system, struct tracefs_names *ret,
		      struct fault *fault);
	void *self;
};

/* Borrows t. */
struct tracepoint_source tracepoint_source_of_tracefs(struct tracefs *t);

#define TRACEPOINT_SOURCE_NAME_MAX 256u
/* Finds the tracepoint that a misspelt pattern may mean, as "system:name". False: no name is
 * similar. */
bool tracepoint_source_suggest(const struct tracepoint_source *s, const char *pattern,
			       char ret[TRACEPOINT_SOURCE_NAME_MAX]);
