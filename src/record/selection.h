/* SPDX-License-Identifier: MIT */
/*
 * selection: from a profile and patterns to the list of tracepoints that this kernel has, each
 * once, and of those it lacks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "kernel/tracefs.h"

/* What the kernel has. */
struct listing {
	bool (*has)(void *self, const char *system, const char *name);
	int (*systems)(void *self, struct tracefs_names *ret, struct fault *fault);
	int (*events)(void *self, const char *system, struct tracefs_names *ret,
		      struct fault *fault);
	void *self;
};
struct listing listing_of_tracefs(struct tracefs *t);

struct selected {
	char *system;
	char *name;
	bool with_stack;
	char *filter; /* the kernel's filter for its hits; NULL: all */
};

/* Only hits that fit this expression as well. 0 or -ENOMEM. */
int selected_filter_add(struct selected *s, const char *expression) MUST_CHECK;

struct selection {
	struct selected *items;
	size_t n, cap;
	struct selected *absent; /* asked for, and not in this kernel */
	size_t n_absent, cap_absent;
};

/*
 * profile: one of tracepoint/catalog.h, "all", or NULL. patterns: "system:name", either part a glob;
 * without a colon, a name in any system. -EINVAL: no such profile; -ENOENT: a pattern fits
 * nothing, or nothing at all is left.
 */
int selection_make(const struct listing *l, const char *profile, const char *const *patterns,
		   size_t n_patterns, struct selection *ret, struct fault *fault) MUST_CHECK;
/* Of tracepoints where only some hits need a call chain, these become an item of their own, of the
 * same name. 0 or -ENOMEM. */
int selection_divide(struct selection *s) MUST_CHECK;
bool selection_has(const struct selection *s, const char *system, const char *name);
void selection_done(struct selection *s);
