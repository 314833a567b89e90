// SPDX-License-Identifier: MIT
/*
 * tracefs: remembers the mount point and reads the files below events/. libtracefs finds or mounts
 * tracefs and lists its directories; no other file includes <tracefs.h>.
 */
#include "kernel/tracefs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracefs.h>

#include "base/io.h"

#define FORMAT_MAX (1u << 20)

#define MOUNTS_MAX (4u << 20)

struct tracefs {
	char dir[256];
	char mounted[700]; /* what tracefs_mounted() says */
};

/* True if tracefs is mounted somewhere. Unknown counts as mounted. */
static bool is_mounted(void)
{
	struct buffer mounts CLEANUP(buffer_done) = {0};

	if (io_read_file("/proc/self/mounts", MOUNTS_MAX, &mounts) < 0)
		return true;
	/* A line is "what where type options 0 0"; a blank in a name is written as \\040. */
	return strstr((const char *)mounts.data, " tracefs ") != NULL;
}

/* Tries with open(2), because access(2) ignores the capabilities of a user that is not root, and
 * CAP_DAC_READ_SEARCH is enough to read tracefs. */
static int open_try(const char *path, int flags)
{
	int fd CLEANUP(close_p) = open(path, O_RDONLY | O_CLOEXEC | flags);

	return fd < 0 ? -errno : 0;
}

int tracefs_open(struct tracefs **ret, struct fault *fault)
{
	bool was_mounted = is_mounted();
	/* libtracefs mounts tracefs where it finds none and may. */
	const char *dir = tracefs_tracing_dir();
	char events[280];
	struct tracefs *t;
	int r;

	if (!dir || strlen(dir) >= sizeof(t->dir))
		return fault_set(fault, -ENOENT,
				 "no tracefs here: run as root, or: "
				 "mount -t tracefs nodev /sys/kernel/tracing");
	snprintf(events, sizeof(events), "%s/events", dir);
	r = open_try(events, O_DIRECTORY);
	if (r < 0) {
		if (r == -ENOENT)
			return fault_set(fault, -ENOENT,
					 "%s is not there: this kernel has no tracepoints "
					 "(CONFIG_EVENT_TRACING), or tracefs is not mounted: "
					 "mount -t tracefs nodev %s",
					 events, dir);
		return fault_set(fault, -EACCES, "%s may not be read: run as root (sudo)", events);
	}
	t = calloc(1, sizeof(*t));
	if (!t)
		return fault_no_memory(fault);
	snprintf(t->dir, sizeof(t->dir), "%s", dir);
	if (!was_mounted && is_mounted())
		snprintf(t->mounted, sizeof(t->mounted),
			 "tracefs was not mounted: it is now, on %s, and stays (umount %s ends "
			 "that)",
			 t->dir, t->dir);
	*ret = t;
	return 0;
}

struct tracefs *tracefs_close(struct tracefs *t)
{
	free(t);
	return NULL;
}

const char *tracefs_dir(const struct tracefs *t)
{
	return t->dir;
}

const char *tracefs_mounted(const struct tracefs *t)
{
	return t->mounted[0] ? t->mounted : NULL;
}

/* True if s may name a directory below events/: "..", a path or a hidden name may not. */
static bool is_name(const char *s)
{
	return s[0] && s[0] != '.' && !strchr(s, '/') && strlen(s) < 128;
}

static bool event_path(const struct tracefs *t, const char *system, const char *name,
		       const char *file, char *path, size_t size)
{
	if (!is_name(system) || !is_name(name))
		return false;
	return (size_t)snprintf(path, size, "%s/events/%s/%s/%s", t->dir, system, name, file) <
	       size;
}

bool tracefs_has_event(const struct tracefs *t, const char *system, const char *name)
{
	char path[600];

	/* perf needs the file `id`. Events of system ftrace have a format file, but no `id`. */
	return event_path(t, system, name, "id", path, sizeof(path)) && !open_try(path, 0);
}

int tracefs_event_format(const struct tracefs *t, const char *system, const char *name,
			 struct buffer *ret, struct fault *fault)
{
	char path[600];
	int r;

	if (!event_path(t, system, name, "format", path, sizeof(path)))
		return fault_set(fault, -ENOENT, "%s:%s is no name of a tracepoint", system, name);
	r = io_read_file(path, FORMAT_MAX, ret);
	if (r == -EACCES || r == -EPERM)
		return fault_set(fault, -EACCES, "%s may not be read: run as root (sudo)", path);
	if (r < 0)
		return fault_errno(fault, r, "%s", path);
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int names_take(char **list, struct tracefs_names *ret)
{
	size_t n = 0;

	while (list[n])
		n++;
	ret->names = calloc(n + 1, sizeof(*ret->names));
	if (!ret->names)
		return -ENOMEM;
	ret->n = 0;
	for (size_t i = 0; i < n; i++) {
		ret->names[i] = strdup(list[i]);
		if (!ret->names[i]) {
			tracefs_names_done(ret);
			return -ENOMEM;
		}
		ret->n++;
	}
	qsort(ret->names, ret->n, sizeof(*ret->names), compare_names);
	return 0;
}

int tracefs_systems(const struct tracefs *t, struct tracefs_names *ret, struct fault *fault)
{
	char **list = tracefs_event_systems(t->dir);
	struct tracefs_names names = {0};
	int r;

	if (!list)
		return fault_set(fault, -ENOENT, "%s/events cannot be listed", t->dir);
	r = names_take(list, &names);
	tracefs_list_free(list);
	if (r < 0)
		return fault_no_memory(fault);
	*ret = names;
	return 0;
}

int tracefs_events(const struct tracefs *t, const char *system, struct tracefs_names *ret,
		   struct fault *fault)
{
	struct tracefs_names names = {0};
	char **list = NULL;
	int r;

	if (is_name(system))
		list = tracefs_system_events(t->dir, system);
	if (!list)
		return fault_set(fault, -ENOENT, "this kernel has no tracepoints of system %s",
				 system);
	r = names_take(list, &names);
	tracefs_list_free(list);
	if (r < 0)
		return fault_no_memory(fault);
	*ret = names;
	return 0;
}

void tracefs_names_done(struct tracefs_names *n)
{
	for (size_t i = 0; i < n->n; i++)
		free(n->names[i]);
	free(n->names);
	*n = (struct tracefs_names){0};
}
