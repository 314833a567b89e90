// SPDX-License-Identifier: MIT
/*
 * output: opening with the reason why not.
 */
#include "record/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int refused(const char *path, int code, struct fault *fault)
{
	switch (code) {
	case -EISDIR:
		return fault_set(fault, code,
				 "%s is a directory: name a file, as in: -o %s%sincident.tape",
				 path, path, path[strlen(path) - 1] == '/' ? "" : "/");
	case -ENOENT:
		return fault_set(fault, code,
				 "%s: the directory it should be in does not exist: create it, or "
				 "choose another -o",
				 path);
	case -EACCES:
	case -EPERM:
		return fault_set(fault, code,
				 "%s: may not be written by this user: choose another -o", path);
	case -EROFS:
		return fault_set(fault, code,
				 "%s: that file system is read-only: choose another -o", path);
	default: return fault_errno(fault, code, "%s: cannot be created", path);
	}
}

int output_open(const char *path, struct output *ret, struct fault *fault)
{
	struct output o = {.fd = STDOUT_FILENO};
	struct stat st;

	if (!path[0])
		return fault_set(fault, -EINVAL, "the tape needs a file name: -o FILE");
	if (strcmp(path, "-") != 0) {
		o.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);
		if (o.fd < 0)
			return refused(path, -errno, fault);
		o.is_ours = true;
	}
	if (fstat(o.fd, &st) < 0) {
		int r = -errno;

		if (o.is_ours)
			close(o.fd);
		return fault_errno(fault, r, "%s", path);
	}
	o.is_stream = !S_ISREG(st.st_mode);
	*ret = o;
	return 0;
}

void output_cut(const struct output *o, uint64_t bytes)
{
	/* What is behind the last whole section is no loss; a reader steps over it anyway. */
	if (!o->is_stream && o->is_ours && ftruncate(o->fd, (off_t)bytes) < 0)
		return;
}

int output_close(struct output *o, const char *path, struct fault *fault)
{
	int fd = o->fd;

	o->fd = -1;
	if (o->is_ours && fd >= 0 && close(fd) < 0 && errno != EINTR)
		return fault_errno(fault, -errno, "%s: closing", path);
	return 0;
}
