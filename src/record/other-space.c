// SPDX-License-Identifier: MIT
#include "record/other-space.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "record/settings-changes.h"

#define PROC "/proc"
#define RUN  "/run"

/* What a visit to a namespace needs. */
struct visit {
	uint32_t netns;
	struct counter_files *files;
	struct counter_reading *reading;
	struct batch_records *settings;
};

/* What goes on in another namespace fails a recording only if nothing can go on. */
static int visit_result(int r)
{
	return r == -ENOMEM || r == -ENOTRECOVERABLE ? r : 0;
}

/* Is the process still in this namespace? */
static bool process_is_in(const struct netns *ns)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), PROC "/%d/ns/net", ns->pid);
	return stat(path, &st) == 0 && (uint32_t)st.st_ino == ns->inode;
}

/* A process that leaves meanwhile, for another namespace or for good, makes the reading none. */
static int read_by_process(const struct netns *ns, const struct visit *v, bool *ret_has)
{
	char dir[64];
	size_t n;
	int r;

	*ret_has = false;
	if (!ns->pid || !process_is_in(ns))
		return 0;
	snprintf(dir, sizeof(dir), PROC "/%d/net", ns->pid);
	r = counter_files_read_in(v->files, dir, counter_reading_take, v->reading, &n);
	*ret_has = !r && process_is_in(ns);
	return r;
}

static int counters_here(void *userdata, struct fault *fault)
{
	const struct visit *v = userdata;
	size_t n;

	return counter_files_read_in(v->files, PROC "/thread-self/net", counter_reading_take,
				     v->reading, &n);
}

int other_space_read(const struct netns *ns, struct counter_files *files, struct counter_reading *r,
		     bool *ret_has)
{
	struct visit v = {.files = files, .reading = r};
	struct fault why = FAULT_INIT;
	int err = read_by_process(ns, &v, ret_has);

	if (err || *ret_has || !ns->file)
		return err;
	counter_reading_restart(r);
	err = netns_visit(ns, PROC, RUN, counters_here, &v, &why);
	*ret_has = !err;
	return visit_result(err);
}

static int settings_here(void *userdata, struct fault *fault)
{
	const struct visit *v = userdata;

	return settings_append_few(v->settings, v->netns);
}

int other_space_settings(const struct netns *ns, struct batch_records *ret)
{
	struct visit v = {.netns = ns->inode, .settings = ret};
	struct fault why = FAULT_INIT;

	return visit_result(netns_visit(ns, PROC, RUN, settings_here, &v, &why));
}
