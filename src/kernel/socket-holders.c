// SPDX-License-Identifier: MIT
#include "kernel/socket-holders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

int socket_holders_find(struct socket_holders *h, const char *proc, int32_t except)
{
	DIR *dir CLEANUP(closedir_p) = opendir(proc);
	struct map last CLEANUP(map_done) = {0};
	struct dirent *entry;
	int r = 0;

	map_clear(&h->by_inode);
	while (!r && dir && (entry = readdir(dir))) {
		int32_t pid = proc_dir_number(entry->d_name);

		if (pid && pid != except)
			r = holders_walk_fds(h, dirfd(dir), pid, &last);
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
