// SPDX-License-Identifier: MIT
#include "track/task-cgroups.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "tcp/container.h"

void task_cgroups_done(struct task_cgroups *t)
{
	map_done(&t->numbers);
	map_done(&t->texts);
	map_done(&t->tasks);
	free(t->items);
	arena_done(&t->arena);
	*t = (struct task_cgroups){0};
}

/* FNV-1a */
static uint64_t text_hash(const char *text, uint64_t more)
{
	uint64_t h = 0xcbf29ce484222325ULL ^ more;

	for (; *text; text++)
		h = (h ^ (uint8_t)*text) * 0x100000001b3ULL;
	return h;
}

/* Finds the text, or copies it. *ret is NULL for "". 0 or -ENOMEM. */
static int text_once(struct task_cgroups *t, const char *text, const char **ret)
{
	uint64_t key;

	*ret = NULL;
	for (key = text_hash(text, 0); *text; key++) {
		bool is_new;
		uint64_t *place = map_put(&t->texts, key, &is_new);

		if (!place)
			return -ENOMEM;
		if (is_new) {
			*place = (uintptr_t)arena_str(&t->arena, text);
			if (!*place) {
				map_del(&t->texts, key);
				return -ENOMEM;
			}
		}
		if (!strcmp((const char *)(uintptr_t)*place, text)) {
			*ret = (const char *)(uintptr_t)*place;
			break;
		}
	}
	return 0;
}

/* The next number, for a new control group. 0 or -ENOMEM. */
static int cgroup_add(struct task_cgroups *t, const char *path, enum cgroup_basis by)
{
	struct owner_cgroup *item;
	struct container c;

	if (vec_reserve(t->items, t->cap, t->n + 1) < 0)
		return -ENOMEM;
	item = arena_alloc(&t->arena, sizeof(*item));
	if (!item)
		return -ENOMEM;
	container_of_path(path, &c);
	item->path = arena_str(&t->arena, path);
	item->by = by;
	if (!item->path || text_once(t, c.name, &item->container) < 0 ||
	    text_once(t, c.pod, &item->pod) < 0 || text_once(t, c.unit, &item->unit) < 0)
		return -ENOMEM;
	item->label = item->container ? item->container : item->unit;
	if (by == CGROUP_BY_PARENT)
		item->label = NULL;
	t->items[t->n++] = item;
	return 0;
}

/* *ret is 0 where there are too many control groups. 0 or -ENOMEM. */
static int cgroup_number(struct task_cgroups *t, const char *path, enum cgroup_basis by,
			 uint32_t *ret)
{
	uint64_t key;

	*ret = 0;
	for (key = text_hash(path, by);; key++) {
		const uint64_t *known = map_get(&t->numbers, key);
		const struct owner_cgroup *item =
			known ? task_cgroups_at(t, (uint32_t)*known) : NULL;
		uint64_t *place;

		if (item && (item->by != by || strcmp(item->path, path) != 0))
			continue;
		if (item) {
			*ret = (uint32_t)*known;
			return 0;
		}
		if (t->n >= TASK_CGROUPS_MAX || t->arena.bytes >= TASK_CGROUPS_BYTES)
			return 0;
		if (cgroup_add(t, path, by) < 0)
			return -ENOMEM;
		place = map_put(&t->numbers, key, NULL);
		if (!place)
			return -ENOMEM;
		*ret = (uint32_t)t->n;
		*place = *ret;
		return 0;
	}
}

static int task_put(struct task_cgroups *t, int32_t tid, uint32_t number)
{
	uint64_t *place = map_get(&t->tasks, (uint32_t)tid);

	if (!place && map_count(&t->tasks) >= TASK_CGROUPS_TASKS)
		return 0;
	if (!place)
		place = map_put(&t->tasks, (uint32_t)tid, NULL);
	if (!place)
		return -ENOMEM;
	*place = number;
	return 0;
}

int task_cgroups_set(struct task_cgroups *t, int32_t tid, const char *path, enum cgroup_basis by)
{
	uint32_t number = 0;
	int r = path ? cgroup_number(t, path, by, &number) : 0;

	return r ? r : task_put(t, tid, number);
}

int task_cgroups_fork(struct task_cgroups *t, int32_t parent, int32_t pid, int32_t tid)
{
	const struct owner_cgroup *of_parent =
		task_cgroups_at(t, task_cgroups_number(t, parent, parent));

	/* What was known of an earlier thread with this number goes. */
	map_del(&t->tasks, (uint32_t)tid);
	if (pid != tid || !of_parent)
		return 0;
	return task_cgroups_set(t, tid, of_parent->path, CGROUP_BY_PARENT);
}

uint32_t task_cgroups_number(const struct task_cgroups *t, int32_t tid, int32_t pid)
{
	const uint64_t *place = map_get(&t->tasks, (uint32_t)tid);

	if (!place)
		place = map_get(&t->tasks, (uint32_t)pid);
	return place ? (uint32_t)*place : 0;
}
