// SPDX-License-Identifier: MIT
/*
 * tasks: a walk over /proc/PID/task/TID/comm.
 */
#include "kernel/tasks.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"

static void closedir_p(DIR **d)
{
	if (*d)
		closedir(*d);
}

static int32_t number(const char *s)
{
	char *end;
	long v = strtol(s, &end, 10);

	return *end || v <= 0 || v > INT32_MAX ? 0 : (int32_t)v;
}

static int walk_threads(int32_t pid, tasks_fn fn, void *userdata)
{
	DIR *dir CLEANUP(closedir_p) = NULL;
	struct dirent *entry;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	if (!dir)
		return 0;
	while ((entry = readdir(dir))) {
		int32_t tid = number(entry->d_name);
		int fd CLEANUP(close_p) = -1;
		char comm[64];
		ssize_t n;
		int r;

		if (!tid)
			continue;
		snprintf(path, sizeof(path), "%d/comm", tid);
		fd = openat(dirfd(dir), path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		n = io_read_all(fd, comm, sizeof(comm) - 1);
		if (n <= 0)
			continue;
		comm[n - (comm[n - 1] == '\n')] = 0;
		r = fn(userdata, pid, tid, comm);
		if (r < 0)
			return r;
	}
	return 0;
}

int tasks_walk(tasks_fn fn, void *userdata)
{
	DIR *dir CLEANUP(closedir_p) = opendir("/proc");
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		int32_t pid = number(entry->d_name);
		int r = pid ? walk_threads(pid, fn, userdata) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}
