/* SPDX-License-Identifier: MIT */
/*
 * tracefs: lists the kernel's tracepoints and reads their format files, with libtracefs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/fault.h"

struct tracefs;

/* Finds the mount point, or mounts tracefs where that is allowed. -ENOENT: this host has no tracefs
 * or no tracepoints; -EACCES: tracefs may not be read. The fault says what to do. */
int tracefs_open(struct tracefs **ret, struct fault *fault) MUST_CHECK;
struct tracefs *tracefs_close(struct tracefs *t);
DEFINE_CLEANUP(struct tracefs, tracefs_close);

const char *tracefs_dir(const struct tracefs *t);
/* A line for the user if tracefs_open() has mounted tracefs, which stays mounted as other tools
 * leave it, too; NULL: it was mounted before. */
const char *tracefs_mounted(const struct tracefs *t);
bool tracefs_has_event(const struct tracefs *t, const char *system, const char *name);
/* Reads the text of the format file, with a NUL after it that len does not count. -ENOENT,
 * -EACCES. */
int tracefs_event_format(const struct tracefs *t, const char *system, const char *name,
			 struct buffer *ret, struct fault *fault) MUST_CHECK;

/* Sorted names; freed by tracefs_names_done(). */
struct tracefs_names {
	char **names;
	size_t n;
};
int tracefs_systems(const struct tracefs *t, struct tracefs_names *ret,
		    struct fault *fault) MUST_CHECK;
/* -ENOENT: there is no such system. */
int tracefs_events(const struct tracefs *t, const char *system, struct tracefs_names *ret,
		   struct fault *fault) MUST_CHECK;
void tracefs_names_done(struct tracefs_names *n);
