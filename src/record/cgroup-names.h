/* SPDX-License-Identifier: MIT */
/*
 * cgroup-names: the paths of control groups, each of which goes onto the tape once, when a thread
 * is first seen in it. The paths of those that exist come from the cgroup file system; the kernel
 * reports those that are made later (PERF_RECORD_CGROUP).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"

/* When so many are known, all are forgotten and looked for again, so that memory has a bound. */
#define CGROUP_NAMES_MAX 65536u
/* Ids without a path that are remembered at a time. */
#define CGROUP_NAMES_UNNAMED 64u
/* An id that has no path for so long is looked for in the file system. The report of a new control
 * group may come a drain later than the first row from it, and only a loss keeps it away. */
#define CGROUP_NAMES_WAIT_NS 1000000000ull

/* {0} is a valid empty one. */
struct cgroup_names {
	struct arena arena;
	struct map paths; /* id -> const char * that is not on the tape; 0: it is, or cannot be */
	uint64_t unnamed[CGROUP_NAMES_UNNAMED];
	uint32_t n_unnamed;
	uint64_t unnamed_ns; /* when the first of these was seen */
};

void cgroup_names_done(struct cgroup_names *n);
/* Learns the paths of all control groups that exist and are not known. mountinfo:
 * /proc/self/mountinfo, or a test's. 0 or -ENOMEM. */
int cgroup_names_look(struct cgroup_names *n, const char *mountinfo) MUST_CHECK;
/* Learns one path. 0 or -ENOMEM. */
int cgroup_names_learn(struct cgroup_names *n, uint64_t id, const char *path) MUST_CHECK;
/* The path that is to be written with a record of this control group at now_ns; "": none, because
 * it is on the tape or not known. The path is good until the next call. */
const char *cgroup_names_take(struct cgroup_names *n, uint64_t id, uint64_t now_ns);
/* Gives the ids that waited for their paths, one a call, if the path is known now and is not on the
 * tape. None of them waits any longer. False: there are no more. */
bool cgroup_names_found(struct cgroup_names *n, uint64_t *ret_id, const char **ret_path);
/* Whether ids have waited long enough to be looked for. */
static inline bool cgroup_names_are_due(const struct cgroup_names *n, uint64_t now_ns)
{
	return n->n_unnamed && now_ns > n->unnamed_ns + CGROUP_NAMES_WAIT_NS;
}
