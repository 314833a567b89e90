// SPDX-License-Identifier: MIT
#include "track/task-names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void task_names_done(struct task_names *t)
{
	map_done(&t->names);
	map_done(&t->pids);
	map_done(&t->comms);
	map_done(&t->exits);
	free(t->exited);
	arena_done(&t->arena);
	*t = (struct task_names){0};
}

/* FNV-1a */
static uint64_t name_hash(const char *s)
{
	uint64_t h = 0xcbf29ce484222325ULL;

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 0x100000001b3ULL;
	return h;
}

static const char *name_intern(struct task_names *t, const char *comm)
{
	char name[TASK_NAME_LEN] = "";
	uint64_t key;

	memcpy(name, comm, strnlen(comm, sizeof(name) - 1));
	for (key = name_hash(name);; key++) {
		bool is_new;
		uint64_t *place = map_put(&t->names, key, &is_new);

		if (!place)
			return NULL;
		if (is_new) {
			*place = (uintptr_t)arena_str(&t->arena, name);
			if (!*place) {
				map_del(&t->names, key);
				return NULL;
			}
		}
		if (!strcmp((const char *)(uintptr_t)*place, name))
			return (const char *)(uintptr_t)*place;
	}
}

int task_names_set(struct task_names *t, int32_t pid, int32_t tid, const char *comm)
{
	uint64_t *place;

	place = map_put(&t->pids, (uint32_t)tid, NULL);
	if (!place)
		return -ENOMEM;
	*place = (uint32_t)pid;
	map_del(&t->exits, (uint32_t)tid);
	if (comm && *comm) {
		const char *name = name_intern(t, comm);

		place = name ? map_put(&t->comms, (uint32_t)tid, NULL) : NULL;
		if (!place)
			return -ENOMEM;
		*place = (uintptr_t)name;
	}
	return 0;
}

void task_names_forget(struct task_names *t, int32_t tid)
{
	map_del(&t->pids, (uint32_t)tid);
	map_del(&t->comms, (uint32_t)tid);
	map_del(&t->exits, (uint32_t)tid);
}

/* Forgets the thread whose exit had this number, unless its tid has been used again since. */
static void exit_forget(struct task_names *t, uint64_t number)
{
	int32_t tid = t->exited[number % TASK_NAMES_EXITED];
	const uint64_t *exit = map_get(&t->exits, (uint32_t)tid);

	if (exit && *exit == number)
		task_names_forget(t, tid);
}

int task_names_exit(struct task_names *t, int32_t tid)
{
	uint64_t *place;

	if (!map_get(&t->pids, (uint32_t)tid))
		return 0;
	if (!t->exited)
		t->exited = calloc(TASK_NAMES_EXITED, sizeof(*t->exited));
	if (!t->exited)
		return -ENOMEM;
	if (t->n_exits >= TASK_NAMES_EXITED)
		exit_forget(t, t->n_exits - TASK_NAMES_EXITED);
	place = map_put(&t->exits, (uint32_t)tid, NULL);
	if (!place)
		return -ENOMEM;
	*place = t->n_exits;
	t->exited[t->n_exits++ % TASK_NAMES_EXITED] = tid;
	return 0;
}

void task_names_forget_exited(struct task_names *t)
{
	uint64_t n = t->n_exits < TASK_NAMES_EXITED ? t->n_exits : TASK_NAMES_EXITED;

	while (map_count(&t->exits) && n > 0)
		exit_forget(t, t->n_exits - n--);
}

int32_t task_names_pid(const struct task_names *t, int32_t tid)
{
	const uint64_t *pid = map_get(&t->pids, (uint32_t)tid);

	return pid ? (int32_t)*pid : tid;
}

const char *task_names_comm(const struct task_names *t, int32_t tid)
{
	const uint64_t *comm = map_get(&t->comms, (uint32_t)tid);

	if (!comm)
		comm = map_get(&t->comms, (uint32_t)task_names_pid(t, tid));
	return comm ? (const char *)(uintptr_t)*comm : NULL;
}
