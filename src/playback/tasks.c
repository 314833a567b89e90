// SPDX-License-Identifier: MIT
/*
 * Processes and threads on the tape: their names, for the tracker, and their control groups.
 */
#include <errno.h>

#include "playback/playback-state.h"

/* The tape has the control groups of its start; a process that began later is in its parent's. */
const char *playback_cgroup(void *userdata, int32_t pid)
{
	struct playback *p = userdata;
	const uint64_t *place = map_get(&p->forked, (uint32_t)pid);

	return place ? (const char *)(uintptr_t)*place : meta_cgroup(p->meta, pid);
}

/* A kernel has at most this many processes at a time (PID_MAX_LIMIT). */
#define FORKED_MAX (1u << 22)

static int fork_note(struct playback *p, const struct task_record *t)
{
	const char *path = playback_cgroup(p, t->parent);
	uint64_t *place;

	if (t->pid != t->tid || !path || map_count(&p->forked) >= FORKED_MAX)
		return 0;
	place = map_put(&p->forked, (uint32_t)t->pid, NULL);
	if (!place)
		return -ENOMEM;
	*place = (uintptr_t)path;
	return 0;
}

int playback_task(void *userdata, const struct task_record *t)
{
	struct playback *p = userdata;

	switch (t->what) {
	case TASK_SNAPSHOT:
	case TASK_COMM: return tracker_task(p->tracker, t->pid, t->tid, t->comm);
	case TASK_FORK:
		if (fork_note(p, t) < 0)
			return -ENOMEM;
		return tracker_fork(p->tracker, t->parent, t->pid, t->tid);
	case TASK_EXIT: return tracker_task_exit(p->tracker, t->tid);
	}
	return 0;
}
