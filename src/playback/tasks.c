// SPDX-License-Identifier: MIT
/*
 * Processes and threads on the tape: their names, for the tracker, and their control groups.
 */
#include "playback/playback-state.h"

const struct owner_cgroup *playback_cgroup(void *userdata, uint32_t number)
{
	struct playback *p = userdata;

	return tracker_cgroup_at(p->tracker, number);
}

int playback_first_cgroup(void *userdata, const struct cgroup_record *c)
{
	struct playback *p = userdata;

	return tracker_task_cgroup(p->tracker, c->pid, c->path, CGROUP_BY_START);
}

int playback_member(void *userdata, const struct member_record *m)
{
	struct playback *p = userdata;

	return tracker_task_cgroup(p->tracker, m->tid, meta_cgroup_path(p->meta, m->cgroup),
				   CGROUP_BY_EVENT);
}

int playback_task(void *userdata, const struct task_record *t)
{
	struct playback *p = userdata;

	switch (t->what) {
	case TASK_SNAPSHOT:
	case TASK_COMM: return tracker_task(p->tracker, t->pid, t->tid, t->comm);
	case TASK_FORK: return tracker_fork(p->tracker, t->parent, t->pid, t->tid);
	case TASK_EXIT: return tracker_task_exit(p->tracker, t->tid);
	}
	return 0;
}
