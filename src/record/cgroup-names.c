// SPDX-License-Identifier: MIT
#include "record/cgroup-names.h"

#include <errno.h>

#include "kernel/cgroup-tree.h"

static void names_forget(struct cgroup_names *n)
{
	arena_done(&n->arena);
	map_clear(&n->paths);
}

void cgroup_names_done(struct cgroup_names *n)
{
	names_forget(n);
	map_done(&n->paths);
}

int cgroup_names_learn(struct cgroup_names *n, uint64_t id, const char *path)
{
	uint64_t *place;
	bool is_new;

	if (map_count(&n->paths) >= CGROUP_NAMES_MAX)
		names_forget(n);
	place = map_put(&n->paths, id, &is_new);
	if (!place)
		return -ENOMEM;
	if (is_new)
		*place = (uintptr_t)arena_str(&n->arena, path);
	return is_new && !*place ? -ENOMEM : 0;
}

static int names_learn(void *userdata, uint64_t id, const char *path)
{
	return cgroup_names_learn(userdata, id, path);
}

int cgroup_names_look(struct cgroup_names *n, const char *mountinfo)
{
	struct cgroup_tree tree;

	cgroup_tree_find(&tree, mountinfo);
	return cgroup_tree_walk(&tree, names_learn, n);
}

const char *cgroup_names_take(struct cgroup_names *n, uint64_t id, uint64_t now_ns)
{
	uint64_t *place = map_get(&n->paths, id);
	const char *path = place ? (const char *)(uintptr_t)*place : NULL;

	if (!place && n->n_unnamed < CGROUP_NAMES_UNNAMED) {
		if (!n->n_unnamed)
			n->unnamed_ns = now_ns;
		n->unnamed[n->n_unnamed++] = id;
	}
	if (place)
		*place = 0;
	return path ? path : "";
}

bool cgroup_names_found(struct cgroup_names *n, uint64_t *ret_id, const char **ret_path)
{
	while (n->n_unnamed) {
		uint64_t id = n->unnamed[--n->n_unnamed];
		uint64_t *place = map_get(&n->paths, id);

		*ret_id = id;
		*ret_path = place ? (const char *)(uintptr_t)*place : NULL;
		if (place)
			*place = 0;
		/* One that is nowhere is gone: nobody will ever know its path. */
		else if (map_put(&n->paths, id, NULL))
			continue;
		if (*ret_path)
			return true;
	}
	return false;
}
