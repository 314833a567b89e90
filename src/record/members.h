/* SPDX-License-Identifier: MIT */
/*
 * members: which control group each thread is in. Every row that was recorded in the context of a
 * process says it; what goes onto the tape is only what is new: the first row of a thread, and the
 * first one after it has moved.
 *
 * Where the kernel does not say the control group (see perf_event_knows_cgroups()), it is read from
 * /proc when a thread's first row comes out of the ring. Then a move is not noticed, and a thread
 * that is gone by then has none.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "record/batch.h"
#include "record/cgroup-names.h"

/* Threads that are remembered at a time: in sets, each of which forgets the one that was silent
 * longest. A thread that was forgotten gets another record when its next row comes. */
#define MEMBERS_SETS 2048u
#define MEMBERS_WAYS 4u
/* Threads of one drain that are looked up in /proc. */
#define MEMBERS_ASKED_MAX 100u

struct member {
	int32_t tid;		    /* 0: the place is free */
	uint64_t cgroup;	    /* 0: not known */
	uint64_t since_ns, last_ns; /* first and last row that says so */
};

struct members {
	struct member *places; /* MEMBERS_SETS * MEMBERS_WAYS */
	struct cgroup_names names;
	const char *proc; /* "/proc", or a test's copy of it */
	uint32_t n_asked; /* in this drain */
};

/* m is {0}. 0 or -ENOMEM. */
int members_init(struct members *m, const char *proc) MUST_CHECK;
void members_done(struct members *m);

/* The places of the set that the thread belongs to. */
static inline struct member *members_set(const struct members *m, int32_t tid)
{
	return &m->places[((uint32_t)tid % MEMBERS_SETS) * MEMBERS_WAYS];
}

/* members_see() of a thread that is new, or in another control group. */
int members_learn(struct members *m, int32_t tid, uint64_t cgroup, uint64_t time,
		  struct batch *b) MUST_CHECK;

/* A row at `time` was recorded in the context of thread tid, which was in this control group (0:
 * the kernel does not say it). Appends to b's records what is new. 0 or -ENOMEM. */
static inline int members_see(struct members *m, int32_t tid, uint64_t cgroup, uint64_t time,
			      struct batch *b)
{
	struct member *set = members_set(m, tid);

	for (unsigned int i = 0; i < MEMBERS_WAYS; i++) {
		if (set[i].tid == tid && (set[i].cgroup == cgroup || !cgroup)) {
			if (time > set[i].last_ns)
				set[i].last_ns = time;
			return 0;
		}
	}
	return members_learn(m, tid, cgroup, time, b);
}

/* The thread was begun at `time`, so what was known under its number is of another one. 0 or
 * -ENOMEM. */
int members_fork(struct members *m, int32_t tid, uint64_t time, struct batch *b) MUST_CHECK;
/* The kernel has reported a new control group. 0 or -ENOMEM. */
int members_new_cgroup(struct members *m, uint64_t cgroup, const char *path, uint64_t time,
		       struct batch *b) MUST_CHECK;
/* Looks for the paths of control groups that no report has come for, and appends those that it
 * finds. 0 or -ENOMEM. */
int members_name(struct members *m, uint64_t now_ns, struct batch *b) MUST_CHECK;
