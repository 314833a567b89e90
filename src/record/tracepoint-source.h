/* SPDX-License-Identifier: MIT */
/*
 * tracepoint-source: where the list of tracepoints comes from that a selection chooses from:
 * tracefs, or a test's table.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "kernel/tracefs.h"

struct tracepoint_source {
	/* Has it this tracepoint, in a form that perf can open? */
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
/* Finds the tracepoint that a misspelt pattern may have meant, as "system:name". False: none is
 * near. */
bool tracepoint_source_suggest(const struct tracepoint_source *s, const char *pattern,
			       char ret[TRACEPOINT_SOURCE_NAME_MAX]);
