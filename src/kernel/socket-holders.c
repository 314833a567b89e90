// SPDX-License-Identifier: MIT
#include "kernel/socket-holders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/vec.h"
#include "kernel/clock.h"
#include "kernel/proc-dir.h"

/* The inode in a link like "socket:[12345]"; 0: the link leads to no socket. */
static uint32_t link_socket_inode(const char *link)
{
	unsigned long v;
	char *end;

	if (strncmp(link, "socket:[", 8) != 0)
		return 0;
	v = strtoul(link + 8, &end, 10);
	return *end == ']' && v <= UINT32_MAX ? (uint32_t)v : 0;
}

static int holders_add(struct socket_holders *h, uint32_t inode, int32_t pid, struct map *last)
{
	uint64_t *place = map_get(&h->by_inode, inode), *last_pid;
	uint64_t count, lowest;

	if (!place && map_count(&h->by_inode) >= SOCKET_HOLDERS_MAX)
		return 0;
	last_pid = map_put(last, inode, NULL);
	/* A process with several descriptors of one socket (dup) counts once. */
	if (last_pid && *last_pid == (uint64_t)pid)
		return 0;
	if (!place)
		place = map_put(&h->by_inode, inode, NULL);
	if (!place || !last_pid)
		return -ENOMEM;
	*last_pid = (uint64_t)pid;
	count = *place >> 32;
	lowest = *place & UINT32_MAX;
	*place = (count + 1) << 32 | (!lowest || (uint64_t)pid < lowest ? (uint64_t)pid : lowest);
	return 0;
}

static int holders_walk_fds(struct socket_holders *h, int proc, int32_t pid, struct map *last)
{
	DIR *dir CLEANUP(closedir_p) = NULL;
	struct dirent *entry;
	char path[64];
	int r = 0;

	snprintf(path, sizeof(path), "%d/fd", pid);
	dir = opendir_at(proc, path);
	while (!r && dir && (entry = readdir(dir))) {
		char link[64];
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, link, sizeof(link) - 1);
		uint32_t inode;

		if (n <= 0)
			continue;
		link[n] = 0;
		inode = link_socket_inode(link);
		if (inode)
			r = holders_add(h, inode, pid, last);
	}
	return r;
}

void socket_holders_done(struct socket_holders *h)
{
	map_done(&h->by_inode);
}

struct pids {
	int32_t *items;
	size_t n, cap;
};

static void pids_done(struct pids *p)
{
	free(p->items);
}

static int pid_order(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return x < y ? -1 : x > y;
}

/* All processes but one, from a number on, in the order of their numbers. */
static int pids_find(DIR *proc, int32_t from, int32_t except, struct pids *ret)
{
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		int32_t pid = proc_dir_number(entry->d_name);

		if (!pid || pid < from || pid == except)
			continue;
		if (vec_reserve(ret->items, ret->cap, ret->n + 1) < 0)
			return -ENOMEM;
		ret->items[ret->n++] = pid;
	}
	if (ret->n)
		qsort(ret->items, ret->n, sizeof(*ret->items), pid_order);
	return 0;
}

int socket_holders_find(struct socket_holders *h, const char *proc, int32_t except,
			uint64_t cpu_max_ns)
{
	DIR *dir CLEANUP(closedir_p) = opendir(proc);
	struct pids pids CLEANUP(pids_done) = {0};
	struct map last CLEANUP(map_done) = {0};
	uint64_t began_ns = clock_thread_cpu();
	size_t i;
	int r;

	/* A walk that goes on keeps what was found before. */
	if (!h->n_left)
		map_clear(&h->by_inode);
	r = pids_find(dir, h->n_left ? h->next_pid : 0, except, &pids);
	h->n_left = 0;
	for (i = 0; !r && i < pids.n; i++) {
		if (clock_thread_cpu() - began_ns > cpu_max_ns) {
			h->next_pid = pids.items[i];
			h->n_left = (uint32_t)(pids.n - i);
			break;
		}
		r = holders_walk_fds(h, dirfd(dir), pids.items[i], &last);
	}
	return r;
}

bool socket_holders_get(const struct socket_holders *h, uint32_t inode, int32_t *ret_pid,
			uint32_t *ret_holders)
{
	const uint64_t *place = inode ? map_get(&h->by_inode, inode) : NULL;

	if (!place)
		return false;
	*ret_pid = (int32_t)(*place & UINT32_MAX);
	*ret_holders = (uint32_t)(*place >> 32);
	return true;
}
