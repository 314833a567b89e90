/* SPDX-License-Identifier: MIT */
/*
 * task-heap: task records that wait for the rows before them. A heap by time, then by place.
 */
#pragma once

#include "format/layout.h"
#include "format/records.h"

/* More than this are let go early. */
#define TASKS_HELD_MAX (64u << 10)

struct waiting_task {
	struct task_record record;
	uint64_t place;
	char comm[TAPE_COMM_MAX + 1];
};

/* {0} is a valid empty one. */
struct task_heap {
	struct waiting_task *items;
	size_t n;
	size_t cap;
	uint64_t next_place;
};

void task_heap_done(struct task_heap *h);
int task_heap_push(struct task_heap *h, const struct task_record *task) MUST_CHECK;
/* Takes the oldest out; the heap must not be empty. record.comm of *ret points into *ret. */
void task_heap_pop(struct task_heap *h, struct waiting_task *ret);
