/* SPDX-License-Identifier: MIT */
/*
 * task-names: a table of threads, with the process that each one belongs to now and its name. Each
 * different name is stored once and lives as long as the table, so that callers may keep pointers.
 *
 * A thread that has exited keeps its name until its number is used again: some kernels (6.16 and
 * later) send PERF_RECORD_EXIT before they close the files of the process, so the sockets that its
 * exit closes come after it.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/map.h"

/* The kernel's TASK_COMM_LEN; longer names are cut. */
#define TASK_NAME_LEN 16

/* The names of so many threads that have exited are kept, the latest ones. */
#define TASK_NAMES_EXITED 65536u

struct task_names {
	struct arena arena;
	struct map names; /* hash of a name to const char * */
	struct map pids;  /* tid to process */
	struct map comms; /* tid to const char * */
	/* The threads that have exited: tid to the number of its exit, and a ring of tids by that
	 * number. */
	struct map exits;
	int32_t *exited; /* NULL: none has exited yet */
	uint64_t n_exits;
};

void task_names_done(struct task_names *t);
/* Thread tid belongs to process pid and is called comm. If comm is NULL or "" the name stays. 0 or
 * -ENOMEM. */
int task_names_set(struct task_names *t, int32_t pid, int32_t tid, const char *comm) MUST_CHECK;
/* A thread has exited. It keeps its name until task_names_set() or task_names_forget(), or until
 * TASK_NAMES_EXITED others have exited after it. 0 or -ENOMEM. */
int task_names_exit(struct task_names *t, int32_t tid) MUST_CHECK;
/* Forgets a thread, whose number is used again. */
void task_names_forget(struct task_names *t, int32_t tid);
/* Forgets all threads that have exited. Called where records were lost: the number of such a thread
 * may be used again without notice. */
void task_names_forget_exited(struct task_names *t);
/* The process of a thread; tid itself if it is not known. */
int32_t task_names_pid(const struct task_names *t, int32_t tid);
/* The name of a thread, or else of its process. NULL: neither is known. */
const char *task_names_comm(const struct task_names *t, int32_t tid);
