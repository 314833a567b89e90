/* SPDX-License-Identifier: MIT */
/*
 * proc-dir: what every walk over /proc needs: directories that close themselves, and names of
 * processes and threads as numbers.
 */
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

/* Closes a directory at the end of its scope: DIR *d CLEANUP(closedir_p) = NULL; */
static inline void closedir_p(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* opendir(3) of a path relative to an open directory; NULL: it cannot be opened. */
static inline DIR *opendir_at(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (!d && fd >= 0)
		close(fd);
	return d;
}

/* The process or thread that a directory entry of /proc stands for; 0: none ("self", "net"). */
static inline int32_t proc_dir_number(const char *name)
{
	char *end;
	long v = strtol(name, &end, 10);

	return *end || v <= 0 || v > INT32_MAX ? 0 : (int32_t)v;
}
