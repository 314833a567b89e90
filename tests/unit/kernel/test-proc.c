// SPDX-License-Identifier: MIT
/* A /proc of our own: who holds which socket, and in which namespaces and cgroups processes are. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/cgroup.h"
#include "kernel/netns.h"
#include "kernel/socket-holders.h"

static char root[64];

static void make_dir(const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", root, path);
	assert_int_equal(mkdir(full, 0755), 0);
}

static void make_link(const char *path, const char *to)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", root, path);
	assert_int_equal(symlink(to, full), 0);
}

static void make_file(const char *path, const char *text)
{
	char full[256];
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int setup(void **state)
{
	const char *const dirs[] = {"7", "7/fd", "30", "30/fd", "self", "7/ns", "30/ns", "self/ns"};

	strcpy(root, "/tmp/tcptape-proc-XXXXXX");
	assert_non_null(mkdtemp(root));
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		make_dir(dirs[i]);
	make_link("7/fd/0", "socket:[100]");
	make_link("7/fd/1", "socket:[100]"); /* dup */
	make_link("7/fd/2", "/dev/null");
	make_link("30/fd/5", "socket:[100]");
	make_link("30/fd/6", "socket:[200]");
	make_link("30/fd/7", "socket:[x]");
	make_file("self/ns/net", "");
	make_file("7/ns/net", "");
	make_link("30/ns/net", "../../7/ns/net");
	make_file("7/cgroup", "0::/system.slice/a.scope\n");
	make_file("30/cgroup", "3:cpu:/\n2:memory:/docker/abc\n1:name=systemd:/docker\n");
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

static void test_holders(void **state)
{
	struct socket_holders h = {0};
	uint32_t holders;
	int32_t pid;

	assert_int_equal(socket_holders_find(&h, root, 0), 0);
	assert_true(socket_holders_get(&h, 100, &pid, &holders));
	assert_int_equal(pid, 7);
	assert_int_equal(holders, 2);
	assert_true(socket_holders_get(&h, 200, &pid, &holders));
	assert_int_equal(pid, 30);
	assert_int_equal(holders, 1);
	assert_false(socket_holders_get(&h, 300, &pid, &holders));
	assert_false(socket_holders_get(&h, 0, &pid, &holders));
	assert_int_equal(socket_holders_find(&h, root, 7), 0);
	assert_true(socket_holders_get(&h, 100, &pid, &holders));
	assert_int_equal(pid, 30);
	socket_holders_done(&h);
}

static void test_namespaces(void **state)
{
	struct netns_list l = {0};

	assert_int_equal(netns_list_find(&l, root, "/nonexistent"), 0);
	assert_int_equal(l.n, 2); /* our own, and the one that two processes are in */
	assert_int_equal(l.items[0].fd, -1);
	assert_true(l.items[1].fd >= 0);
	assert_int_equal(netns_list_find(&l, root, "/nonexistent"), 0);
	assert_int_equal(l.n, 2);
	netns_list_done(&l);
}

static void test_cgroups(void **state)
{
	char path[CGROUP_PATH_MAX];

	assert_int_equal(cgroup_of(root, 7, path), 1);
	assert_string_equal(path, "/system.slice/a.scope");
	assert_int_equal(cgroup_of(root, 30, path), 1);
	assert_string_equal(path, "/docker/abc");
	assert_int_equal(cgroup_of(root, 31, path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holders),
		cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_cgroups),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
