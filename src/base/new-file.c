// SPDX-License-Identifier: MIT
/*
 * Two processes never write under one name: only the process that holds the lock of the file with
 * the name may give the name to another file, and it locks that file before.
 */
#include "base/new-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

/* The most attempts to open a name. Another attempt is needed only if somebody gave the name to
 * another file between two of our calls. */
#define TRIES 16u

#define OPEN_FLAGS (O_WRONLY | O_CLOEXEC | O_NOCTTY)

/* Fills the fault for an open that failed with code, and returns code. */
static int open_refuse(const struct new_file *f, const struct new_file_options *o, int code,
		       struct fault *fault)
{
	const char *path = f->path;

	switch (code) {
	case -EISDIR:
		return fault_set(fault, code, "%s is a directory: name a file, as in: %s %s%sNAME",
				 path, o->option, path, path[strlen(path) - 1] == '/' ? "" : "/");
	case -ENOENT:
		return fault_set(fault, code,
				 "%s: the directory it should be in does not exist: create it, or "
				 "choose another %s",
				 path, o->option);
	case -EACCES:
	case -EPERM:
		return fault_set(fault, code,
				 "%s: may not be written by this user: choose another %s", path,
				 o->option);
	case -EROFS:
		return fault_set(fault, code,
				 "%s: that file system is read-only: choose another %s", path,
				 o->option);
	case -EBUSY:
		return fault_set(fault, code,
				 "%s: another process is writing it: wait for its end, or choose "
				 "another %s",
				 path, o->option);
	case -ELOOP:
		return fault_set(fault, code,
				 "%s: is a symbolic link: name the file itself, or choose another "
				 "%s",
				 path, o->option);
	case -EEXIST:
		return fault_set(fault, code, "%s: is there already: choose another name with %s",
				 path, o->option);
	default: return fault_errno(fault, code, "%s: cannot be created", path);
	}
}

/* Whether path names a descriptor that this process has open already. */
static bool is_descriptor(const char *path)
{
	return !strcmp(path, "/dev/stdout") || !strcmp(path, "/dev/stderr") ||
	       !strncmp(path, "/dev/fd/", 8) || !strncmp(path, "/proc/self/fd/", 14);
}

static int take_lock(int fd)
{
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK)
			return -EBUSY;
		/* Some network file systems have no locks. */
		if (errno != EINTR)
			return 0;
	}
	return 0;
}

static bool has_name(int fd, const char *path)
{
	struct stat open_one, named_one;

	return !fstat(fd, &open_one) && !lstat(path, &named_one) &&
	       open_one.st_dev == named_one.st_dev && open_one.st_ino == named_one.st_ino;
}

/* Creates a file in the directory of f->path, under a name that nobody can guess. */
static int create_beside(struct new_file *f, mode_t mode)
{
	const char *slash = strrchr(f->path, '/');
	int directory = slash ? (int)(slash - f->path) + 1 : 0;
	uint64_t unique;

	if (getrandom(&unique, sizeof(unique), 0) != (ssize_t)sizeof(unique))
		return -EIO;
	if (asprintf(&f->temporary, "%.*s.tcptape-%016llx", directory, f->path,
		     (unsigned long long)unique) < 0) {
		f->temporary = NULL;
		return -ENOMEM;
	}
	f->fd = open(f->temporary, OPEN_FLAGS | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
	if (f->fd < 0)
		return -errno;
	f->is_temporary = true;
	return take_lock(f->fd);
}

/* Creates the file that will replace f->replaced, which is open, if nobody writes that one.
 * -EAGAIN: somebody has given the name to another file. */
static int open_instead(struct new_file *f, const struct new_file_options *o, const struct stat *st)
{
	int r = take_lock(f->replaced);

	if (!r && o->must_be_new)
		r = -EEXIST;
	if (!r && !has_name(f->replaced, f->path))
		r = -EAGAIN;
	if (!r)
		r = create_beside(f, o->mode);
	/* The new file gets the permissions of the old one, within the mode, so that others who
	 * could read the old file can read the new one. */
	if (!r && fchmod(f->fd, (st->st_mode & o->mode) | S_IRUSR | S_IWUSR) < 0)
		r = -errno;
	return r;
}

/* Creates the file under a name that is not in use. -EAGAIN: the name is in use now. */
static int open_first(struct new_file *f, mode_t mode)
{
	int r;

	f->fd = open(f->path, OPEN_FLAGS | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
	if (f->fd < 0)
		return errno == EEXIST ? -EAGAIN : -errno;
	r = take_lock(f->fd);
	if (!r && !has_name(f->fd, f->path))
		r = -EAGAIN;
	f->is_temporary = !r;
	return r;
}

/* Opens a device, a FIFO or a symbolic link to one of these. */
static int open_stream(struct new_file *f, bool is_link)
{
	struct stat st;

	if (is_link)
		f->fd = open(f->path, OPEN_FLAGS);
	if (f->fd < 0)
		return is_link && errno == ENOENT ? -ELOOP : -errno;
	if (fstat(f->fd, &st) < 0)
		return -errno;
	f->is_stream = !S_ISREG(st.st_mode);
	return f->is_stream ? 0 : -ELOOP;
}

static int open_descriptor(struct new_file *f)
{
	struct stat st;
	int r;

	f->is_descriptor = true;
	f->fd = open(f->path, OPEN_FLAGS);
	if (f->fd < 0 || fstat(f->fd, &st) < 0)
		return -errno;
	f->is_stream = !S_ISREG(st.st_mode);
	if (f->is_stream)
		return 0;
	r = take_lock(f->fd);
	return !r && ftruncate(f->fd, 0) < 0 ? -errno : r;
}

/* Opens f->path, unless it names a descriptor. -EAGAIN: somebody has given the name to another file
 * between two calls. */
static int open_once(struct new_file *f, const struct new_file_options *o)
{
	struct stat st;
	int fd = open(f->path, OPEN_FLAGS | O_NOFOLLOW);

	if (fd < 0 && errno == ENOENT)
		return open_first(f, o->mode);
	if (fd < 0 && errno == ELOOP)
		return o->must_be_new ? -EEXIST : open_stream(f, true);
	if (fd < 0)
		return -errno;
	f->fd = fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return open_stream(f, false);
	f->replaced = fd;
	f->fd = -1;
	return open_instead(f, o, &st);
}

int new_file_open(const char *path, const struct new_file_options *o, struct new_file *ret,
		  struct fault *fault)
{
	int r = -EAGAIN;

	for (unsigned int i = 0; r == -EAGAIN && i < TRIES; i++) {
		struct new_file f CLEANUP(new_file_done) = {.fd = -1, .path = path, .replaced = -1};

		r = is_descriptor(path) ? open_descriptor(&f) : open_once(&f, o);
		if (r)
			continue;
		*ret = f;
		f = (struct new_file){.fd = -1, .replaced = -1};
	}
	if (r < 0)
		return open_refuse(&(struct new_file){.path = path}, o, r == -EAGAIN ? -EBUSY : r,
				   fault);
	return 0;
}

int new_file_name(struct new_file *f, struct fault *fault)
{
	if (f->temporary && rename(f->temporary, f->path) < 0)
		return fault_errno(fault, -errno, "%s: cannot be replaced", f->path);
	free(f->temporary);
	f->temporary = NULL;
	f->is_temporary = false;
	close_p(&f->replaced);
	f->replaced = -1;
	return 0;
}

int new_file_close(struct new_file *f, struct fault *fault)
{
	struct stat st;
	bool is_gone = !f->is_temporary && !f->is_descriptor && !f->is_stream &&
		       !fstat(f->fd, &st) && !st.st_nlink;
	int r = close(f->fd) < 0 && errno != EINTR ? -errno : 0;

	f->fd = -1;
	if (r < 0)
		return fault_errno(fault, r, "%s: closing", f->path);
	if (is_gone)
		return fault_set(fault, -ESTALE,
				 "%s: was removed or replaced while it was written: it is lost",
				 f->path);
	return 0;
}

void new_file_done(struct new_file *f)
{
	if (f->is_temporary)
		unlink(f->temporary ? f->temporary : f->path);
	close_p(&f->fd);
	close_p(&f->replaced);
	free(f->temporary);
	*f = (struct new_file){.fd = -1, .replaced = -1};
}
