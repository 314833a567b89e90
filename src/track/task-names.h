/* SPDX-License-Identifier: MIT */
/*
 * task-names: a table of threads, with the process that each one belongs to now and its name. Each
 * different name is stored once and lives as long as the table, so that callers may keep pointers.
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
/* Thread tid belongs to process pid and is called comm. If comm is NULL or "" the name stays. 0 or
 * -ENOMEM. */
int task_names_set(struct task_names *t, int32_t pid, int32_t tid, const char *comm) MUST_CHECK;
/* Forgets a thread, whose number may be used again. */
void task_names_exit(struct task_names *t, int32_t tid);
/* The process of a thread; tid itself if it is not known. */
int32_t task_names_pid(const struct task_names *t, int32_t tid);
/* The name of a thread, or else of its process. NULL: neither is known. */
const char *task_names_comm(const struct task_names *t, int32_t tid);
