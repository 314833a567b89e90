// SPDX-License-Identifier: MIT
/* cgroup-tree: which hierarchy is taken, and which control groups are found in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/cgroup-tree.h"

static char root[64];

static int setup(void **state)
{
	strcpy(root, "/tmp/tcptape-cgroup-XXXXXX");
	assert_non_null(mkdtemp(root));
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

static void make_dir(const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", root, path);
	assert_int_equal(mkdir(full, 0755), 0);
}

static struct cgroup_tree find(const char *mountinfo)
{
	struct cgroup_tree t;
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/mountinfo", root);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(mountinfo, f);
	fclose(f);
	cgroup_tree_find(&t, path);
	return t;
}

#define V2	  "30 23 0:26 / /sys/fs/cgroup/unified rw,nosuid - cgroup2 cgroup2 rw\n"
#define V2_PART	  "30 23 0:26 /a/b /other rw shared:9 master:1 - cgroup2 cgroup2 rw\n"
#define V1_PERF	  "31 23 0:27 / /sys/fs/cgroup/perf_event rw - cgroup cgroup rw,perf_event\n"
#define V1_MEMORY "32 23 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"

/* Perf events speak of the hierarchy that the controller perf_event is in. */
static void test_cgroup_tree_mount(void **state)
{
	struct cgroup_tree t = find(V1_MEMORY V2_PART V2 "short line\n");

	assert_string_equal(t.mount, "/sys/fs/cgroup/unified");
	assert_string_equal(t.root, "");
	t = find(V2 V1_PERF V1_MEMORY);
	assert_string_equal(t.mount, "/sys/fs/cgroup/perf_event");
	t = find(V2_PART);
	assert_string_equal(t.mount, "/other");
	assert_string_equal(t.root, "/a/b");
	t = find(V1_MEMORY);
	assert_string_equal(t.mount, "");
	cgroup_tree_find(&t, "/nonexistent");
	assert_string_equal(t.mount, "");
}

struct found {
	unsigned int n;
	char paths[8][64];
	uint64_t ids[8];
};

static int found_add(void *userdata, uint64_t id, const char *path)
{
	struct found *f = userdata;

	assert_true(f->n < 8 && strlen(path) < sizeof(f->paths[0]));
	strcpy(f->paths[f->n], path);
	f->ids[f->n++] = id;
	return 0;
}

static int refuse(void *userdata, uint64_t id, const char *path)
{
	return -ENOMEM;
}

static bool found_has(const struct found *f, const char *path)
{
	for (unsigned int i = 0; i < f->n; i++) {
		if (!strcmp(f->paths[i], path))
			return true;
	}
	return false;
}

static void test_cgroup_tree_walk(void **state)
{
	struct cgroup_tree t = {.mount = ""};
	struct found f = {.n = 0};

	assert_int_equal(cgroup_tree_walk(&t, found_add, &f), 0);
	assert_int_equal(f.n, 0);
	make_dir("tree");
	make_dir("tree/system.slice");
	make_dir("tree/system.slice/a.service");
	make_dir("tree/docker");
	snprintf(t.mount, sizeof(t.mount), "%s/tree", root);
	assert_int_equal(cgroup_tree_walk(&t, found_add, &f), 0);
	assert_int_equal(f.n, 4);
	assert_string_equal(f.paths[0], "/");
	assert_true(found_has(&f, "/system.slice"));
	assert_true(found_has(&f, "/system.slice/a.service"));
	assert_true(found_has(&f, "/docker"));
	assert_true(f.ids[0] && f.ids[0] != f.ids[1] && f.ids[1] != f.ids[2]);
	strcpy(t.root, "/a");
	f.n = 0;
	assert_int_equal(cgroup_tree_walk(&t, found_add, &f), 0);
	assert_string_equal(f.paths[0], "/a");
	assert_true(found_has(&f, "/a/docker"));
	assert_int_equal(cgroup_tree_walk(&t, refuse, NULL), -ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cgroup_tree_mount),
		cmocka_unit_test(test_cgroup_tree_walk),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
