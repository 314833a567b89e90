// SPDX-License-Identifier: MIT
#include "kernel/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/vec.h"
#include "kernel/proc-dir.h"

/* Namespaces in a list. list_has() searches the whole list for every process, so its length is
 * limited; further namespaces are left out. */
#define LIST_MAX 4096u

void netns_list_done(struct netns_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->items[i].fd >= 0)
			close(l->items[i].fd);
	}
	free(l->items);
	*l = (struct netns_list){0};
}

static bool list_has(const struct netns_list *l, uint32_t inode)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->items[i].inode == inode)
			return true;
	}
	return false;
}

/* Takes ownership of take_fd, even on failure. */
static int list_add(struct netns_list *l, uint32_t inode, int take_fd)
{
	int r = 0;

	if (l->n < LIST_MAX)
		r = vec_reserve(l->items, l->cap, l->n + 1);
	if (r < 0 || l->n >= LIST_MAX) {
		if (take_fd >= 0)
			close(take_fd);
		return r;
	}
	l->items[l->n++] = (struct netns){inode, take_fd};
	return 0;
}

/* Adds the namespace that a file of nsfs stands for. A namespace that is gone, or that may not be
 * opened, is skipped without an error. */
static int list_add_file(struct netns_list *l, int dir, const char *path)
{
	struct stat st;
	int fd;

	if (fstatat(dir, path, &st, 0) < 0 || list_has(l, (uint32_t)st.st_ino))
		return 0;
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? 0 : list_add(l, (uint32_t)st.st_ino, fd);
}

static int list_add_own(struct netns_list *l, const char *proc)
{
	char path[256];
	struct stat st;

	snprintf(path, sizeof(path), "%s/self/ns/net", proc);
	if (stat(path, &st) < 0 || list_has(l, (uint32_t)st.st_ino))
		return 0;
	return list_add(l, (uint32_t)st.st_ino, -1);
}

static int list_add_processes(struct netns_list *l, const char *proc)
{
	DIR *dir CLEANUP(closedir_p) = opendir(proc);
	struct dirent *entry;
	int r = 0;

	while (!r && dir && (entry = readdir(dir))) {
		char path[sizeof(entry->d_name) + 8];

		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "%s/ns/net", entry->d_name);
		r = list_add_file(l, dirfd(dir), path);
	}
	return r;
}

static int list_add_bound(struct netns_list *l, const char *run)
{
	DIR *dir CLEANUP(closedir_p) = opendir(run);
	struct dirent *entry;
	struct stat own, st;
	int r = 0;

	/* `ip netns` bind-mounts a namespace on an empty file. Where that mount is gone, the empty
	 * file shows: it is on the directory's own filesystem, and stands for no namespace. */
	while (!r && dir && fstat(dirfd(dir), &own) == 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.' && fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 &&
		    st.st_dev != own.st_dev)
			r = list_add_file(l, dirfd(dir), entry->d_name);
	}
	return r;
}

int netns_list_find(struct netns_list *l, const char *proc, const char *run)
{
	int r = list_add_own(l, proc);

	if (!r)
		r = list_add_processes(l, proc);
	return r ? r : list_add_bound(l, run);
}

int netns_open(const struct netns *ns, netns_open_fn open_fn, int *ret_fd, struct fault *fault)
{
	int home CLEANUP(close_p) = -1;
	int r;

	if (ns->fd < 0)
		return open_fn(ret_fd, fault);
	home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home < 0)
		return fault_errno(fault, -errno, "/proc/thread-self/ns/net");
	if (setns(ns->fd, CLONE_NEWNET) < 0)
		return fault_errno(fault, -errno, "network namespace %u", ns->inode);
	r = open_fn(ret_fd, fault);
	if (setns(home, CLONE_NEWNET) < 0) {
		if (!r)
			close_p(ret_fd);
		return fault_set(fault, -ENOTRECOVERABLE, "cannot return from network namespace %u",
				 ns->inode);
	}
	return r;
}
