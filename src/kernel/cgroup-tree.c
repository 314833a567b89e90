// SPDX-License-Identifier: MIT
/*
 * cgroup-tree: walks over the directories of a cgroup file system. The id of a control group is the
 * file handle of its directory, and on 64-bit machines also the inode (cgroup_id(), kernfs_ino()).
 */
#include "kernel/cgroup-tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "kernel/proc-dir.h"

static void fclose_p(FILE **f)
{
	if (*f)
		fclose(*f);
}

/* Whether a list of words, divided by commas, has the word. */
static bool list_has(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, word, len) && (!at[len] || at[len] == ','))
			return true;
	}
	return false;
}

/*
 * A line of mountinfo: "36 35 0:29 ROOT MOUNT OPTIONS [TAGS] - TYPE SOURCE SUPER". 4: the cgroup v1
 * hierarchy of perf_event; 2: cgroup v2; one more where all of it is mounted; 0: neither.
 */
static int mount_rank(char *line, const char **ret_root, const char **ret_mount)
{
	char *words[64], *rest = line;
	size_t n = 0, i = 6;

	while (n < ARRAY_SIZE(words) && (words[n] = strsep(&rest, " ")))
		n++;
	while (i < n && strcmp(words[i], "-") != 0)
		i++;
	if (i + 3 >= n)
		return 0;
	*ret_root = words[3];
	*ret_mount = words[4];
	if (!strcmp(words[i + 1], "cgroup2"))
		return 2 + !strcmp(words[3], "/");
	if (!strcmp(words[i + 1], "cgroup") && list_has(words[i + 3], "perf_event"))
		return 4 + !strcmp(words[3], "/");
	return 0;
}

void cgroup_tree_find(struct cgroup_tree *t, const char *mountinfo)
{
	FILE *f CLEANUP(fclose_p) = fopen(mountinfo, "re");
	char *line CLEANUP(free_p) = NULL;
	size_t size = 0;
	int best = 0;

	t->mount[0] = t->root[0] = 0;
	while (f && getline(&line, &size, f) > 0) {
		const char *root = "", *mount = "";
		int rank;

		line[strcspn(line, "\n")] = 0;
		rank = mount_rank(line, &root, &mount);
		if (rank <= best || strlen(root) >= sizeof(t->root) ||
		    strlen(mount) >= sizeof(t->mount))
			continue;
		best = rank;
		if (!strcmp(root, "/"))
			root = "";
		memcpy(t->mount, mount, strlen(mount) + 1);
		memcpy(t->root, root, strlen(root) + 1);
	}
}

/* The id of the control group whose directory is open at fd; 0: it is gone. */
static uint64_t tree_id(int fd)
{
	union {
		struct file_handle handle;
		uint8_t bytes[sizeof(struct file_handle) + sizeof(uint64_t)];
	} at = {.handle.handle_bytes = sizeof(uint64_t)};
	struct stat st;
	uint64_t id;
	int mount;

	if (!name_to_handle_at(fd, "", &at.handle, &mount, AT_EMPTY_PATH)) {
		memcpy(&id, at.bytes + sizeof(struct file_handle), sizeof(id));
		return id;
	}
	return fstat(fd, &st) < 0 ? 0 : st.st_ino;
}

struct tree_walk {
	cgroup_tree_fn fn;
	void *userdata;
	char path[CGROUP_PATH_MAX];
};

/* Visits the control group at walk->path, whose directory is `name` in `parent`, and those below
 * it. */
static int tree_visit(struct tree_walk *walk, int parent, const char *name, unsigned int depth)
{
	size_t len = strlen(walk->path);
	DIR *dir CLEANUP(closedir_p) = opendir_at(parent, name);
	uint64_t id = dir ? tree_id(dirfd(dir)) : 0;
	struct dirent *entry;
	int r = id ? walk->fn(walk->userdata, id, len ? walk->path : "/") : 0;

	while (!r && dir && depth < CGROUP_TREE_DEPTH && (entry = readdir(dir))) {
		size_t more = strlen(entry->d_name);

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.' ||
		    len + 1 + more >= sizeof(walk->path))
			continue;
		walk->path[len] = '/';
		memcpy(walk->path + len + 1, entry->d_name, more + 1);
		r = tree_visit(walk, dirfd(dir), entry->d_name, depth + 1);
		walk->path[len] = 0;
	}
	return r;
}

int cgroup_tree_walk(const struct cgroup_tree *t, cgroup_tree_fn fn, void *userdata)
{
	struct tree_walk walk = {.fn = fn, .userdata = userdata};

	if (!t->mount[0])
		return 0;
	memcpy(walk.path, t->root, strlen(t->root) + 1);
	return tree_visit(&walk, AT_FDCWD, t->mount, 0);
}
