// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "track/task-cgroups.h"

static void assert_place(const struct task_cgroups *t, int32_t tid, int32_t pid, const char *path,
			 enum cgroup_basis by)
{
	const struct owner_cgroup *g = task_cgroups_at(t, task_cgroups_number(t, tid, pid));

	assert_non_null(g);
	assert_string_equal(g->path, path);
	assert_int_equal(g->by, by);
}

static void assert_nowhere(const struct task_cgroups *t, int32_t tid, int32_t pid)
{
	assert_null(task_cgroups_at(t, task_cgroups_number(t, tid, pid)));
}

/* A process that began during the recording is where the kernel said; until then, what its parent
 * says is no more than that. */
static void test_task_cgroups_fork(void **state)
{
	struct task_cgroups t = {0};

	assert_int_equal(task_cgroups_set(&t, 1, "/docker/a", CGROUP_BY_START), 0);
	assert_int_equal(task_cgroups_fork(&t, 1, 20, 20), 0);
	assert_place(&t, 20, 20, "/docker/a", CGROUP_BY_PARENT);
	assert_int_equal(task_cgroups_set(&t, 20, "/docker/b", CGROUP_BY_EVENT), 0);
	assert_place(&t, 20, 20, "/docker/b", CGROUP_BY_EVENT);
	assert_place(&t, 1, 1, "/docker/a", CGROUP_BY_START);
	/* A grandchild's is no better known than a child's. */
	assert_int_equal(task_cgroups_fork(&t, 20, 30, 30), 0);
	assert_place(&t, 30, 30, "/docker/b", CGROUP_BY_PARENT);
	/* The number 20 is used again, by a child of nobody that is known. */
	assert_int_equal(task_cgroups_fork(&t, 99, 20, 20), 0);
	assert_nowhere(&t, 20, 20);
	task_cgroups_done(&t);
}

/* A thread is where its process is, unless the kernel says otherwise. */
static void test_task_cgroups_threads(void **state)
{
	struct task_cgroups t = {0};

	assert_int_equal(task_cgroups_set(&t, 21, "/old", CGROUP_BY_EVENT), 0);
	assert_int_equal(task_cgroups_set(&t, 20, "/a", CGROUP_BY_EVENT), 0);
	assert_int_equal(task_cgroups_fork(&t, 20, 20, 21), 0);
	assert_place(&t, 21, 20, "/a", CGROUP_BY_EVENT);
	assert_int_equal(task_cgroups_set(&t, 21, "/a/threads", CGROUP_BY_EVENT), 0);
	assert_place(&t, 21, 20, "/a/threads", CGROUP_BY_EVENT);
	assert_place(&t, 20, 20, "/a", CGROUP_BY_EVENT);
	task_cgroups_done(&t);
}

/* It is known that the thread is elsewhere, and not where: that is not where it was before. */
static void test_task_cgroups_no_path(void **state)
{
	struct task_cgroups t = {0};

	assert_int_equal(task_cgroups_set(&t, 1, "/a", CGROUP_BY_START), 0);
	assert_int_equal(task_cgroups_fork(&t, 1, 20, 20), 0);
	assert_int_equal(task_cgroups_set(&t, 20, NULL, CGROUP_BY_EVENT), 0);
	assert_nowhere(&t, 20, 20);
	assert_int_equal(task_cgroups_fork(&t, 20, 30, 30), 0);
	assert_nowhere(&t, 30, 30);
	task_cgroups_done(&t);
}

/* One number for each path and basis, whoever is there. */
static void test_task_cgroups_numbers(void **state)
{
	struct task_cgroups t = {0};

	for (int32_t tid = 1; tid <= 100; tid++)
		assert_int_equal(task_cgroups_set(&t, tid, tid % 2 ? "/a" : "/b", CGROUP_BY_EVENT),
				 0);
	assert_int_equal(t.n, 2);
	assert_int_equal(task_cgroups_number(&t, 1, 1), task_cgroups_number(&t, 99, 99));
	assert_int_equal(task_cgroups_set(&t, 1, "/a", CGROUP_BY_START), 0);
	assert_int_equal(t.n, 3);
	assert_string_equal(cgroup_basis_name(CGROUP_BY_PARENT), "parent");
	task_cgroups_done(&t);
}

/* Processes of one container have one name, the same pointer, whichever control group of it they
 * are in; a child has none until it is known where it is. */
static void test_task_cgroups_names(void **state)
{
	static const char path[] =
		"/docker/4f9d1c0a2b7e3d5c6f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6";
	struct task_cgroups t = {0};
	const struct owner_cgroup *a, *b;
	char inner[128];

	snprintf(inner, sizeof(inner), "%s/init.scope", path);
	assert_int_equal(task_cgroups_set(&t, 1, path, CGROUP_BY_EVENT), 0);
	assert_int_equal(task_cgroups_set(&t, 2, inner, CGROUP_BY_START), 0);
	a = task_cgroups_at(&t, task_cgroups_number(&t, 1, 1));
	b = task_cgroups_at(&t, task_cgroups_number(&t, 2, 2));
	assert_string_equal(a->container, "4f9d1c0a2b7e");
	assert_ptr_equal(a->label, b->label);
	assert_ptr_equal(a->label, a->container);
	assert_null(a->unit);
	assert_string_equal(b->unit, "init.scope");
	assert_int_equal(task_cgroups_set(&t, 3, "/system.slice/ssh.service", CGROUP_BY_START), 0);
	b = task_cgroups_at(&t, task_cgroups_number(&t, 3, 3));
	assert_null(b->container);
	assert_string_equal(b->label, "ssh.service");
	assert_int_equal(task_cgroups_fork(&t, 1, 4, 4), 0);
	b = task_cgroups_at(&t, task_cgroups_number(&t, 4, 4));
	assert_ptr_equal(b->container, a->container);
	assert_null(b->label);
	task_cgroups_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_task_cgroups_fork),
		cmocka_unit_test(test_task_cgroups_threads),
		cmocka_unit_test(test_task_cgroups_no_path),
		cmocka_unit_test(test_task_cgroups_numbers),
		cmocka_unit_test(test_task_cgroups_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
