// SPDX-License-Identifier: MIT
/*
 * proc: walks over a small copy of /proc: holders of sockets, network namespaces, control groups
 * and threads. setns(2) is replaced, so that nothing here needs rights.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/cgroup.h"
#include "kernel/netns.h"
#include "kernel/socket-holders.h"
#include "kernel/tasks.h"

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
	const char *const dirs[] = {
		"7",
		"7/fd",
		"30",
		"30/fd",
		"self",
		"7/ns",
		"30/ns",
		"self/ns",
		"7/task",
		"7/task/7",
		"7/task/8",
		"30/task",
		"30/task/30",
		"run",
		"run/netns",
		"run/docker",
		"run/docker/netns",
		"other",
		"other/8",
	};

	strcpy(root, "/tmp/tcptape-proc-XXXXXX");
	assert_non_null(mkdtemp(root));
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		make_dir(dirs[i]);
	make_link("7/fd/0", "socket:[100]");
	make_link("7/fd/1", "socket:[100]"); /* a dup(2) of it */
	make_link("7/fd/2", "/dev/null");
	make_link("30/fd/5", "socket:[100]");
	make_link("30/fd/6", "socket:[200]");
	make_link("30/fd/7", "socket:[x]");
	make_file("self/ns/net", "");
	make_file("7/ns/net", "");
	make_link("30/ns/net", "../../7/ns/net");
	make_file("7/cgroup", "0::/system.slice/a.scope\n");
	make_file("30/cgroup", "3:cpu:/docker\n2:memory:/docker/abc\n1:name=systemd:/\n");
	make_file("other/8/cgroup", "0::/\n");
	make_file("7/task/7/comm", "curl\n");
	make_file("7/task/8/comm", "two words\n");
	make_file("30/task/30/comm", "");
	make_file("run/netns/gone", "");
	make_link("run/netns/bound", "/proc/self/ns/net");
	/* Another filesystem, too, and not a file of any process. */
	make_link("run/docker/netns/1-abc", "/proc/self/ns/uts");
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

/* The calls that netns_open() makes. */
static struct {
	int fds[4];
	unsigned int n;
	unsigned int n_allowed;
} entered;

int __wrap_setns(int fd, int nstype);
int __wrap_setns(int fd, int nstype)
{
	assert_true(entered.n < ARRAY_SIZE(entered.fds));
	entered.fds[entered.n++] = fd;
	if (entered.n <= entered.n_allowed)
		return 0;
	errno = EPERM;
	return -1;
}

static void test_holders(void **state)
{
	struct socket_holders h = {0};
	uint32_t holders;
	int32_t pid;

	assert_int_equal(socket_holders_find(&h, root, 0, UINT64_MAX), 0);
	assert_true(socket_holders_get(&h, 100, &pid, &holders));
	assert_int_equal(pid, 7);
	assert_int_equal(holders, 2);
	assert_true(socket_holders_get(&h, 200, &pid, &holders));
	assert_int_equal(pid, 30);
	assert_int_equal(holders, 1);
	assert_false(socket_holders_get(&h, 300, &pid, &holders));
	assert_false(socket_holders_get(&h, 0, &pid, &holders));
	assert_int_equal(socket_holders_find(&h, root, 7, UINT64_MAX), 0);
	assert_true(socket_holders_get(&h, 100, &pid, &holders));
	assert_int_equal(pid, 30);
	socket_holders_done(&h);
}

/* A walk that takes too long goes on the next time. */
static void test_holders_in_two_walks(void **state)
{
	struct socket_holders h = {0};
	uint32_t holders;
	int32_t pid;

	assert_int_equal(socket_holders_find(&h, root, 0, 0), 0);
	assert_int_equal(h.n_left, 2);
	assert_int_equal(h.next_pid, 7);
	/* As if the first process had been walked over. */
	h.next_pid = 8;
	assert_int_equal(socket_holders_find(&h, root, 0, UINT64_MAX), 0);
	assert_int_equal(h.n_left, 0);
	assert_true(socket_holders_get(&h, 100, &pid, &holders));
	assert_int_equal(pid, 30);
	/* What an earlier part has found stays. */
	h.n_left = 1;
	h.next_pid = 31;
	assert_int_equal(socket_holders_find(&h, root, 0, UINT64_MAX), 0);
	assert_true(socket_holders_get(&h, 100, &pid, &holders));
	socket_holders_done(&h);
}

static void test_namespaces(void **state)
{
	struct netns_list l = {0};

	for (unsigned int i = 1; i < 3; i++) {
		assert_int_equal(netns_list_find(&l, root, "/nonexistent"), 0);
		/* Our own, and one that two processes are in. */
		assert_int_equal(l.n, 2);
		assert_true(l.items[0].is_own && !l.items[1].is_own);
		assert_true(l.items[1].pid == 7 || l.items[1].pid == 30);
		assert_int_equal(l.items[0].seen, i);
		assert_int_equal(l.items[1].seen, i);
		assert_int_equal(l.n_processes, 2);
		assert_int_equal(l.n_hidden + l.n_left_out, 0);
	}
	/* One that no process is in any more is still in the list, but was not seen. */
	assert_int_equal(netns_list_find(&l, "/nonexistent", "/nonexistent"), 0);
	assert_int_equal(l.n, 2);
	assert_int_equal(l.items[1].seen, 2);
	assert_int_equal(l.n_finds, 3);
	netns_list_done(&l);
}

/* A file of `ip netns` whose mount is gone is an empty file of the same filesystem; here a link to
 * a namespace stands for a mount. */
static void test_namespaces_need_a_mount(void **state)
{
	struct netns_list l = {0};
	char run[80];

	snprintf(run, sizeof(run), "%s/run", root);
	assert_int_equal(netns_list_find(&l, root, run), 0);
	assert_int_equal(l.n, 4);
	assert_string_equal(l.items[2].file, "netns/bound");
	assert_int_equal(l.items[2].pid, 0);
	assert_string_equal(l.items[3].file, "docker/netns/1-abc");
	netns_list_done(&l);
}

static void test_namespaces_removed(void **state)
{
	struct netns_list l = {0};
	uint32_t last;
	char run[80];

	snprintf(run, sizeof(run), "%s/run", root);
	assert_int_equal(netns_list_find(&l, root, run), 0);
	last = l.items[3].inode;
	netns_list_remove(&l, 0);
	assert_int_equal(l.n, 3);
	assert_int_equal(l.items[0].inode, last);
	/* What has moved is found at its new place, and what was removed comes again as new. */
	assert_int_equal(netns_list_find(&l, root, run), 0);
	assert_int_equal(l.n, 4);
	assert_int_equal(l.items[0].seen, 2);
	assert_true(l.items[3].is_own);
	netns_list_remove(&l, 3);
	netns_list_remove(&l, 2);
	netns_list_remove(&l, 1);
	netns_list_remove(&l, 0);
	assert_int_equal(l.n, 0);
	netns_list_done(&l);
}

static int open_null(int *ret_fd, struct fault *fault)
{
	*ret_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return *ret_fd < 0 ? fault_errno(fault, -errno, "/dev/null") : 0;
}

static int open_refused(int *ret_fd, struct fault *fault)
{
	return fault_set(fault, -EPERM, "refused");
}

static void enter(unsigned int n_allowed, const struct netns *ns, netns_open_fn open_fn,
		  int expected)
{
	struct fault fault = FAULT_INIT;
	int fd CLEANUP(close_p) = -1;
	char run[80];

	memset(&entered, 0, sizeof(entered));
	entered.n_allowed = n_allowed;
	snprintf(run, sizeof(run), "%s/run", root);
	assert_int_equal(netns_open(ns, root, run, open_fn, &fd, &fault), expected);
	if (expected < 0)
		assert_true(fault.text[0]);
	else
		assert_true(fd >= 0);
}

static uint32_t inode_of(const char *path)
{
	struct stat st;
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", root, path);
	assert_int_equal(stat(full, &st), 0);
	return (uint32_t)st.st_ino;
}

/* The thread goes home again, whatever happened in the other namespace. */
static void test_namespace_is_left_again(void **state)
{
	const struct netns ns = {.inode = inode_of("7/ns/net"), .pid = 7};
	const struct netns own = {.is_own = true};

	enter(2, &ns, open_null, 0);
	assert_int_equal(entered.n, 2);
	assert_int_not_equal(entered.fds[1], entered.fds[0]);
	enter(2, &ns, open_refused, -EPERM);
	assert_int_equal(entered.n, 2);
	enter(0, &ns, open_null, -EPERM);
	assert_int_equal(entered.n, 1);
	/* Who cannot go home may not go on. */
	enter(1, &ns, open_null, -ENOTRECOVERABLE);
	/* Our own namespace needs no move. */
	enter(0, &own, open_null, 0);
	assert_int_equal(entered.n, 0);
}

/* The process that was in it may have ended, and its number may be another's: the file that holds
 * the namespace is tried, and then it is gone. */
static void test_namespace_is_entered_only_if_it_is_the_same(void **state)
{
	uint32_t bound = inode_of("run/netns/bound");
	char name[] = "netns/bound";

	enter(2, &(struct netns){.inode = 5, .pid = 7}, open_null, -ESTALE);
	enter(2, &(struct netns){.inode = 5, .pid = 99}, open_null, -ESTALE);
	enter(2, &(struct netns){.inode = 5}, open_null, -ESTALE);
	assert_int_equal(entered.n, 0);
	enter(2, &(struct netns){.inode = bound, .pid = 7, .file = name}, open_null, 0);
	enter(2, &(struct netns){.inode = bound, .file = name}, open_null, 0);
	enter(2, &(struct netns){.inode = 5, .pid = 7, .file = name}, open_null, -ESTALE);
}

static void test_cgroups(void **state)
{
	char path[CGROUP_PATH_MAX], other[80];

	assert_int_equal(cgroup_of(root, 7, path), 1);
	assert_string_equal(path, "/system.slice/a.scope");
	assert_int_equal(cgroup_of(root, 30, path), 1);
	assert_string_equal(path, "/docker/abc");
	snprintf(other, sizeof(other), "%s/other", root);
	assert_int_equal(cgroup_of(other, 8, path), 0);
	assert_int_equal(cgroup_of(root, 31, path), -ESRCH);
}

struct threads {
	unsigned int n;
	bool has_curl, has_words;
};

static int count_thread(void *userdata, int32_t pid, int32_t tid, const char *comm)
{
	struct threads *t = userdata;

	t->n++;
	t->has_curl |= pid == 7 && tid == 7 && !strcmp(comm, "curl");
	t->has_words |= pid == 7 && tid == 8 && !strcmp(comm, "two words");
	return 0;
}

static int refuse(void *userdata, int32_t pid, int32_t tid, const char *comm)
{
	return -ENOMEM;
}

static void test_tasks_walk(void **state)
{
	struct threads t = {0};

	assert_int_equal(tasks_walk(root, count_thread, &t), 0);
	/* Thread 30 has no name left, as one that ends during the walk. */
	assert_int_equal(t.n, 2);
	assert_true(t.has_curl);
	assert_true(t.has_words);
	/* The only thread of a process. */
	make_file("30/task/30/comm", "only\n");
	assert_int_equal(tasks_walk(root, count_thread, &t), 0);
	make_file("30/task/30/comm", "");
	assert_int_equal(t.n, 2 + 3);
	assert_int_equal(tasks_walk(root, refuse, NULL), -ENOMEM);
	assert_int_equal(tasks_walk("/nonexistent", refuse, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holders),
		cmocka_unit_test(test_holders_in_two_walks),
		cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_namespaces_need_a_mount),
		cmocka_unit_test(test_namespaces_removed),
		cmocka_unit_test(test_namespace_is_left_again),
		cmocka_unit_test(test_namespace_is_entered_only_if_it_is_the_same),
		cmocka_unit_test(test_cgroups),
		cmocka_unit_test(test_tasks_walk),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
