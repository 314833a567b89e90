/* SPDX-License-Identifier: MIT */
/*
 * options: what the caller of a merge wants of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "format/records.h"
#include "tape/column-set.h"
#include "tape/meta.h"

#define MERGE_HELD_MAX	 (128u << 20)
#define MERGE_HELD_UP_NS 1000000000u

/* Which rows are wanted, and who is told of what else comes by. */
struct merge_options {
	/* Only rows with since <= time < until are shown; chunks outside are not expanded. */
	uint64_t since_ns, until_ns; /* 0, UINT64_MAX: all */
	/* Is this tracepoint wanted? Asked once per tracepoint. NULL: all. */
	bool (*wants)(void *userdata, const struct tape_tracepoint *tp);
	/* The bytes of its rows that will be looked at; borrowed. NULL, or NULL returned: all. */
	const struct column_set *(*columns)(void *userdata, const struct tape_tracepoint *tp);
	/* Are rows of this tracepoint shown whatever since_ns says? NULL: none are. */
	bool (*always)(void *userdata, const struct tape_tracepoint *tp);
	/* A task record, in time order with the rows as far as the tape has them in order (a
	 * snapshot comes before everything). NULL: not wanted. 0 or -errno. */
	int (*task)(void *userdata, const struct task_record *task);
	/* Where a process was when the recording began: a record of CGROUPS, before everything. */
	int (*cgroup)(void *userdata, const struct cgroup_record *cgroup);
	/* The same as task for a record that says in which control group a thread is; its path is
	 * "". */
	int (*member)(void *userdata, const struct member_record *member);
	/* The payload of a section COUNTERS, when it comes by: before the rows of the same block.
	 * NULL: not wanted. 0 or -errno. */
	int (*counters)(void *userdata, const void *payload, size_t len);
	/* Every row before `until` has been shown, and more is about to be read. NULL: not
	 * wanted. */
	int (*progress)(void *userdata, uint64_t until, struct fault *fault);
	/* The recorder emptied the rings at from_ns and not again until to_ns, more than
	 * MERGE_HELD_UP_NS later: what it reads when it is asked to came late. Called before the
	 * rows of that time are shown. NULL: not wanted. 0 or -errno. */
	int (*held_up)(void *userdata, uint64_t from_ns, uint64_t to_ns);
	/* Threads that expand what will be read next, where the source can seek; 0: none. The
	 * functions above are called in the caller's thread only. */
	size_t n_threads;
	void *userdata;
};
