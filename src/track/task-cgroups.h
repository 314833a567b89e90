/* SPDX-License-Identifier: MIT */
/*
 * task-cgroups: which control group each thread is in at the time that the tracker has reached. A
 * control group together with how it is known has a number, which struct owner keeps.
 */
#pragma once

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/map.h"
#include "tcp/conn.h"

/* Control groups that get numbers; further ones count as not known. */
#define TASK_CGROUPS_MAX   (1u << 20)
#define TASK_CGROUPS_BYTES (64u << 20) /* of their paths and names */
/* Threads that are remembered: a kernel has no more at a time. */
#define TASK_CGROUPS_TASKS (1u << 22)

struct task_cgroups {
	struct arena arena;
	struct owner_cgroup **items; /* by number - 1 */
	size_t n, cap;
	struct map numbers; /* hash of path and basis -> number */
	struct map texts;   /* hash of a text -> const char *: each text once */
	struct map tasks;   /* tid -> number; 0: it is not known where the thread is */
};

void task_cgroups_done(struct task_cgroups *t);
/* Thread tid is in the control group with this path from now on. NULL: in one of which nobody knows
 * the path. 0 or -ENOMEM. */
int task_cgroups_set(struct task_cgroups *t, int32_t tid, const char *path,
		     enum cgroup_basis by) MUST_CHECK;
/* Thread tid of process pid was begun by process `parent`: where it is follows from that until
 * something better is known. 0 or -ENOMEM. */
int task_cgroups_fork(struct task_cgroups *t, int32_t parent, int32_t pid, int32_t tid) MUST_CHECK;
/* The number of the control group of a thread, or else of its process; 0: not known. */
uint32_t task_cgroups_number(const struct task_cgroups *t, int32_t tid, int32_t pid);
/* The control group with this number; NULL for 0. It lives as long as t. */
static inline const struct owner_cgroup *task_cgroups_at(const struct task_cgroups *t,
							 uint32_t number)
{
	return number && number <= t->n ? t->items[number - 1] : NULL;
}
