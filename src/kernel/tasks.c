// SPDX-License-Identifier: MIT
/*
 * tasks: reads the names of threads from /proc/PID/task/TID/comm.
 */
#include "kernel/tasks.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "kernel/proc-dir.h"

static int walk_threads(int proc, int32_t pid, tasks_fn fn, void *userdata)
{
	DIR *dir CLEANUP(closedir_p) = NULL;
	struct dirent *entry;
	char path[64];

	snprintf(path, sizeof(path), "%d/task", pid);
	dir = opendir_at(proc, path);
	if (!dir)
		return 0;
	while ((entry = readdir(dir))) {
		int32_t tid = proc_dir_number(entry->d_name);
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

int tasks_walk(const char *proc, tasks_fn fn, void *userdata)
{
	DIR *dir CLEANUP(closedir_p) = opendir(proc);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		int32_t pid = proc_dir_number(entry->d_name);
		int r = pid ? walk_threads(dirfd(dir), pid, fn, userdata) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}
