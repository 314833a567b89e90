/* SPDX-License-Identifier: MIT */
/*
 * selection: turns a profile and patterns into the list of tracepoints that this kernel has, and
 * the list of those that it lacks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "record/selected.h"
#include "record/tracepoint-source.h"

struct selection {
	struct selected_list present; /* no tracepoint twice before selection_divide() */
	struct selected_list absent;  /* tracepoints asked for that this kernel lacks */
};

/*
 * profile: one of tracepoint/catalog.h, "all", or NULL. patterns: "system:name", either part a
 * glob; without a colon, a name in any system. -EINVAL: there is no such profile; -ENOENT: a
 * pattern matches no tracepoint, or no tracepoint is left to record.
 */
int selection_make(const struct tracepoint_source *source, const char *profile,
		   const char *const *patterns, size_t n_patterns, struct selection *ret,
		   struct fault *fault) MUST_CHECK;
/*
 * Divides tracepoints of which only some hits need a call chain (chain_where of the catalog): those
 * hits get an item of their own with the same name. 0 or -ENOMEM.
 */
int selection_divide(struct selection *s) MUST_CHECK;
void selection_done(struct selection *s);
