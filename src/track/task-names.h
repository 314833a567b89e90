/* SPDX-License-Identifier: MIT */
/*
 * task-names: the process that a thread belongs to now, and the thread's name. Each name is kept
 * once and lives as long as the table, so that pointers to it may be handed out.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/map.h"

/* The kernel's TASK_COMM_LEN; longer names are cut. */
#define TASK_NAME_LEN 16

struct task_names {
	struct arena arena;
	struct map names; /* hash of a name to const char * */
	struct map pids;  /* tid to process */
	struct map comms; /* tid to const char * */
};

void task_names_done(struct task_names *t);
/* With comm NULL or "" the name stays. A thread without a name has that of its process. 0 or
 * -ENOMEM. */
int task_names_set(struct task_names *t, int32_t pid, int32_t tid, const char *comm) MUST_CHECK;
void task_names_exit(struct task_names *t, int32_t tid);
/* The process of a thread; tid itself where it is not known. */
int32_t task_names_pid(const struct task_names *t, int32_t tid);
/* The name of a thread. NULL: it is not known. */
const char *task_names_comm(const struct task_names *t, int32_t tid);
