/* SPDX-License-Identifier: MIT */
/*
 * task-order: task records that wait for the rows before them. Tasks of the snapshot at the start
 * of a recording do not wait.
 */
#pragma once

#include "base/fault.h"
#include "format/layout.h"
#include "format/records.h"
#include "tape/reader.h"

/* When more than this wait, the oldest ones are released early. */
#define TASKS_WAITING_MAX (64u << 10)

struct waiting_task {
	struct task_record record; /* its comm is unset while it waits */
	uint64_t place;		   /* on the tape, for tasks of the same time */
	char comm[TAPE_COMM_MAX + 1];
};

/* {.release = ..., .userdata = ...} is a valid empty one. */
struct task_order {
	/* Called with each task. NULL: tasks are not of interest. 0 or -errno. */
	int (*release)(void *userdata, const struct task_record *task);
	void *userdata;
	struct waiting_task *items; /* a heap, the oldest first */
	size_t n, cap;
	uint64_t next_place;
};

void task_order_done(struct task_order *t);
/* Takes the records of a TASKS section. */
int task_order_take(struct task_order *t, const struct tape_section *s,
		    struct fault *fault) MUST_CHECK;
/* Releases the tasks up to this time, and at it. */
int task_order_release(struct task_order *t, uint64_t until_ns, struct fault *fault) MUST_CHECK;
