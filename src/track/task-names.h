/* SPDX-License-Identifier: MIT */
/*
 * task-names: which process a thread belongs to, and its name, now. Names are kept once each and
 * never freed before the table: they can be handed out.
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
/* comm "" leaves the name as it is; a thread without a name has its process' name. */
int task_names_set(struct task_names *t, int32_t pid, int32_t tid, const char *comm) MUST_CHECK;
void task_names_exit(struct task_names *t, int32_t tid);
/* The process; tid itself when it is not known. */
int32_t task_names_pid(const struct task_names *t, int32_t tid);
/* NULL: unknown. */
const char *task_names_comm(const struct task_names *t, int32_t tid);
