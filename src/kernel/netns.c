// SPDX-License-Identifier: MIT
/*
 * netns: walks over /proc once. A namespace is entered by way of the process or the file that was
 * last seen to hold it, and only if that still leads to the same inode.
 */
#include "kernel/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/vec.h"
#include "kernel/proc-dir.h"

void netns_list_done(struct netns_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->items[i].file);
	free(l->items);
	map_done(&l->places);
	*l = (struct netns_list){0};
}

/* Gives the namespace of this inode, new or known. *ret is NULL if the list is full. */
static int list_see(struct netns_list *l, uint32_t inode, struct netns **ret)
{
	const uint64_t *known = map_get(&l->places, inode);
	uint64_t *place;

	*ret = NULL;
	if (!known) {
		if (l->n >= NETNS_MAX) {
			l->n_left_out++;
			return 0;
		}
		if (vec_reserve(l->items, l->cap, l->n + 1) < 0)
			return -ENOMEM;
		place = map_put(&l->places, inode, NULL);
		if (!place)
			return -ENOMEM;
		*place = l->n;
		l->items[l->n++] = (struct netns){.inode = inode};
		known = place;
	}
	*ret = &l->items[*known];
	/* What leads there is found out anew. */
	if ((*ret)->seen != l->n_finds)
		(*ret)->pid = 0;
	(*ret)->seen = l->n_finds;
	return 0;
}

static int list_see_own(struct netns_list *l, const char *proc)
{
	struct netns *ns;
	char path[256];
	struct stat st;
	int r;

	snprintf(path, sizeof(path), "%s/self/ns/net", proc);
	if (stat(path, &st) < 0)
		return 0;
	r = list_see(l, (uint32_t)st.st_ino, &ns);
	if (!r && ns)
		ns->is_own = true;
	return r;
}

static int list_see_process(struct netns_list *l, int proc, int32_t pid)
{
	struct netns *ns;
	char path[32];
	struct stat st;
	int r;

	snprintf(path, sizeof(path), "%d/ns/net", pid);
	l->n_processes++;
	if (fstatat(proc, path, &st, 0) < 0) {
		l->n_hidden += errno == EACCES || errno == EPERM;
		return 0;
	}
	r = list_see(l, (uint32_t)st.st_ino, &ns);
	if (!r && ns && !ns->pid)
		ns->pid = pid;
	return r;
}

static int list_see_processes(struct netns_list *l, const char *proc)
{
	DIR *dir CLEANUP(closedir_p) = opendir(proc);
	struct dirent *entry;
	int r = 0;

	while (!r && dir && (entry = readdir(dir))) {
		int32_t pid = proc_dir_number(entry->d_name);

		if (pid)
			r = list_see_process(l, dirfd(dir), pid);
	}
	return r;
}

/* Directories below /run in which a file is a namespace. */
static const char *const bound_dirs[] = {"netns", "docker/netns"};

static int file_name(struct netns *ns, const char *dir, const char *file)
{
	char name[300];

	snprintf(name, sizeof(name), "%s/%s", dir, file);
	if (ns->file && !strcmp(ns->file, name))
		return 0;
	free(ns->file);
	ns->file = strdup(name);
	return ns->file ? 0 : -ENOMEM;
}

static int list_see_bound(struct netns_list *l, const char *run, const char *below)
{
	char path[512];
	DIR *dir CLEANUP(closedir_p) = NULL;
	struct dirent *entry;
	struct stat own, st;
	int r = 0;

	snprintf(path, sizeof(path), "%s/%s", run, below);
	dir = opendir(path);
	/* A namespace is bind-mounted on an empty file. Where that mount is gone, the empty file
	 * shows: it is on the directory's own filesystem, and stands for no namespace. */
	while (!r && dir && fstat(dirfd(dir), &own) == 0 && (entry = readdir(dir))) {
		struct netns *ns;

		if (entry->d_name[0] == '.' || fstatat(dirfd(dir), entry->d_name, &st, 0) < 0 ||
		    st.st_dev == own.st_dev)
			continue;
		r = list_see(l, (uint32_t)st.st_ino, &ns);
		if (!r && ns)
			r = file_name(ns, below, entry->d_name);
	}
	return r;
}

int netns_list_find(struct netns_list *l, const char *proc, const char *run)
{
	int r;

	l->n_finds++;
	l->n_processes = l->n_hidden = l->n_left_out = 0;
	r = list_see_own(l, proc);
	if (!r)
		r = list_see_processes(l, proc);
	for (size_t i = 0; !r && i < ARRAY_SIZE(bound_dirs); i++)
		r = list_see_bound(l, run, bound_dirs[i]);
	return r;
}

void netns_list_remove(struct netns_list *l, size_t i)
{
	uint64_t *moved;

	free(l->items[i].file);
	map_del(&l->places, l->items[i].inode);
	l->n--;
	if (i == l->n)
		return;
	l->items[i] = l->items[l->n];
	moved = map_get(&l->places, l->items[i].inode);
	if (moved)
		*moved = i;
}

/* Opens the namespace at this path. -ESTALE: another one is there, or none. */
static int open_at(const char *path, uint32_t inode, int *ret)
{
	int fd CLEANUP(close_p) = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return errno == ENOENT || errno == ESRCH ? -ESTALE : -errno;
	if (fstat(fd, &st) < 0 || (uint32_t)st.st_ino != inode)
		return -ESTALE;
	*ret = fd;
	fd = -1;
	return 0;
}

static int netns_file_open(const struct netns *ns, const char *proc, const char *run, int *ret)
{
	char path[512];
	int r = -ESTALE;

	if (ns->pid) {
		snprintf(path, sizeof(path), "%s/%d/ns/net", proc, ns->pid);
		r = open_at(path, ns->inode, ret);
	}
	if (r == -ESTALE && ns->file) {
		snprintf(path, sizeof(path), "%s/%s", run, ns->file);
		r = open_at(path, ns->inode, ret);
	}
	return r;
}

int netns_visit(const struct netns *ns, const char *proc, const char *run, netns_visit_fn visit,
		void *userdata, struct fault *fault)
{
	int home CLEANUP(close_p) = -1, there CLEANUP(close_p) = -1;
	int r;

	if (ns->is_own)
		return visit(userdata, fault);
	r = netns_file_open(ns, proc, run, &there);
	if (r < 0)
		return fault_errno(fault, r, "network namespace %u", ns->inode);
	home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home < 0)
		return fault_errno(fault, -errno, "/proc/thread-self/ns/net");
	if (setns(there, CLONE_NEWNET) < 0)
		return fault_errno(fault, -errno, "network namespace %u", ns->inode);
	r = visit(userdata, fault);
	if (setns(home, CLONE_NEWNET) < 0)
		return fault_set(fault, -ENOTRECOVERABLE, "cannot return from network namespace %u",
				 ns->inode);
	return r;
}

struct opening {
	netns_open_fn open_fn;
	int fd;
};

static int opening_visit(void *userdata, struct fault *fault)
{
	struct opening *o = userdata;

	return o->open_fn(&o->fd, fault);
}

int netns_open(const struct netns *ns, const char *proc, const char *run, netns_open_fn open_fn,
	       int *ret_fd, struct fault *fault)
{
	struct opening o = {open_fn, -1};
	int r = netns_visit(ns, proc, run, opening_visit, &o, fault);

	if (r < 0)
		close_p(&o.fd);
	else
		*ret_fd = o.fd;
	return r;
}
