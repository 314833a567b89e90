/* SPDX-License-Identifier: MIT */
/*
 * task-order: records about tasks, of TASKS and MEMBERS, that wait for the rows before them. Tasks
 * of the snapshot at the start of a recording do not wait.
 */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "format/layout.h"
#include "format/records.h"
#include "tape/reader.h"

/* When more than this wait, the oldest ones are released early. */
#define TASKS_WAITING_MAX (64u << 10)

struct waiting_task {
	struct task_record record; /* its comm is unset while it waits */
	uint64_t place;		   /* on the tape, for tasks of the same time */
	bool is_member;		   /* a record of MEMBERS: its time, tid and cgroup */
	uint64_t cgroup;
	char comm[TAPE_COMM_MAX + 1];
};

/* {.release = ..., .userdata = ...} is a valid empty one. */
struct task_order {
	/* Called with each task. NULL: tasks are not of interest. 0 or -errno. */
	int (*release)(void *userdata, const struct task_record *task);
	/* The same for each record of CGROUPS, which does not wait. */
	int (*release_cgroup)(void *userdata, const struct cgroup_record *cgroup);
	/* The same for records of MEMBERS that are about a thread; their path is "". */
	int (*release_member)(void *userdata, const struct member_record *member);
	void *userdata;
	struct waiting_task *items; /* a heap, the oldest first */
	size_t n, cap;
	uint64_t next_place;
};

void task_order_done(struct task_order *t);
/* Takes the records of a TASKS section. */
int task_order_take(struct task_order *t, const struct tape_section *s,
		    struct fault *fault) MUST_CHECK;
/* Gives out the records of a CGROUPS section. */
int task_order_take_cgroups(struct task_order *t, const struct tape_section *s,
			    struct fault *fault) MUST_CHECK;
/* Takes the records of a MEMBERS section. */
int task_order_take_members(struct task_order *t, const struct tape_section *s,
			    struct fault *fault) MUST_CHECK;
/* Releases the tasks up to this time, and at it. */
int task_order_release(struct task_order *t, uint64_t until_ns, struct fault *fault) MUST_CHECK;
