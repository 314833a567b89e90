// SPDX-License-Identifier: MIT
/*
 * tasks: reads the names of threads from /proc/PID/task/TID/comm.
 */
#include "kernel/tasks.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "kernel/proc-dir.h"

struct tasks_taker {
	tasks_fn fn;
	void *userdata;
};

/* Gives the thread whose name is in the file at path. True: it was there; *ret: fn's return. */
static bool thread_give(const struct tasks_taker *t, int dir, const char *path, int32_t pid,
			int32_t tid, int *ret)
{
	int fd CLEANUP(close_p) = openat(dir, path, O_RDONLY | O_CLOEXEC);
	char comm[64];
	ssize_t n = fd < 0 ? -1 : io_read_all(fd, comm, sizeof(comm) - 1);

	if (n <= 0)
		return false;
	comm[n - (comm[n - 1] == '\n')] = 0;
	*ret = t->fn(t->userdata, pid, tid, comm);
	return true;
}

/* Gives the thread of a process that has one only. The directory of its threads has a link from
 * each of them besides its own two (proc_task_getattr of fs/proc/base.c), and need not be read. */
static bool only_thread_give(const struct tasks_taker *t, int proc, int32_t pid, int *ret)
{
	struct stat st;
	char path[64];

	snprintf(path, sizeof(path), "%d/task", pid);
	if (fstatat(proc, path, &st, 0) < 0 || st.st_nlink != 3)
		return false;
	snprintf(path, sizeof(path), "%d/task/%d/comm", pid, pid);
	return thread_give(t, proc, path, pid, pid, ret);
}

static int threads_walk(const struct tasks_taker *t, int proc, int32_t pid)
{
	DIR *dir CLEANUP(closedir_p) = NULL;
	struct dirent *entry;
	char path[64];
	int r = 0;

	if (only_thread_give(t, proc, pid, &r))
		return r;
	snprintf(path, sizeof(path), "%d/task", pid);
	dir = opendir_at(proc, path);
	while (r >= 0 && dir && (entry = readdir(dir))) {
		int32_t tid = proc_dir_number(entry->d_name);

		snprintf(path, sizeof(path), "%d/comm", tid);
		if (tid)
			(void)thread_give(t, dirfd(dir), path, pid, tid, &r);
	}
	return r < 0 ? r : 0;
}

int tasks_walk(const char *proc, tasks_fn fn, void *userdata)
{
	const struct tasks_taker taker = {fn, userdata};
	DIR *dir CLEANUP(closedir_p) = opendir(proc);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		int32_t pid = proc_dir_number(entry->d_name);
		int r = pid ? threads_walk(&taker, dirfd(dir), pid) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}
