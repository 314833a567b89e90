// SPDX-License-Identifier: MIT
/*
 * tracefs: a small copy of the directory. libtracefs is told that it is the mount point.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kernel/tracefs.h"

static char root[64];
static const char *mount_point;
/* The readings of /proc/self/mounts that show no tracefs. */
static unsigned int n_unmounted;

int __real_io_read_file(const char *path, size_t max, struct buffer *ret);
int __wrap_io_read_file(const char *path, size_t max, struct buffer *ret);
int __wrap_io_read_file(const char *path, size_t max, struct buffer *ret)
{
	static const char without[] = "none / tmpfs rw 0 0\n";
	static const char with[] = "none / tmpfs rw 0 0\nnodev /t tracefs rw 0 0\n";
	bool has = n_unmounted == 0;

	if (strcmp(path, "/proc/self/mounts") != 0)
		return __real_io_read_file(path, max, ret);
	n_unmounted -= !has;
	return has ? buffer_append(ret, with, sizeof(with))
		   : buffer_append(ret, without, sizeof(without));
}

const char *__wrap_tracefs_tracing_dir(void);
const char *__wrap_tracefs_tracing_dir(void)
{
	return mount_point;
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
	static const char *const dirs[] = {"",
					   "/events",
					   "/events/tcp",
					   "/events/tcp/tcp_probe",
					   "/events/tcp/tcp_ack",
					   "/events/ftrace",
					   "/events/ftrace/function"};

	strcpy(root, "/tmp/tcptape-tracefs-XXXXXX");
	assert_non_null(mkdtemp(root));
	for (size_t i = 1; i < ARRAY_SIZE(dirs); i++) {
		char full[256];

		snprintf(full, sizeof(full), "%s%s", root, dirs[i]);
		assert_int_equal(mkdir(full, 0755), 0);
	}
	/* libtracefs lists only directories that have these. */
	make_file("events/tcp/enable", "0\n");
	make_file("events/tcp/filter", "none\n");
	make_file("events/ftrace/enable", "0\n");
	make_file("events/ftrace/filter", "none\n");
	make_file("events/tcp/tcp_probe/enable", "0\n");
	make_file("events/tcp/tcp_ack/enable", "0\n");
	make_file("events/tcp/tcp_probe/id", "7\n");
	make_file("events/tcp/tcp_probe/format", "name: tcp_probe\nID: 7\n");
	make_file("events/tcp/tcp_ack/id", "8\n");
	make_file("events/tcp/tcp_ack/format", "name: tcp_ack\nID: 8\n");
	/* Events of ftrace itself have a format file, and no id. */
	make_file("events/ftrace/function/format", "name: function\nID: 1\n");
	mount_point = root;
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

static struct tracefs *open_tracefs(void)
{
	struct tracefs *t = NULL;

	assert_int_equal(tracefs_open(&t, NULL), 0);
	return t;
}

static void test_tracefs_has_events_that_perf_can_open(void **state)
{
	struct tracefs *t CLEANUP(tracefs_close_p) = open_tracefs();

	assert_string_equal(tracefs_dir(t), root);
	assert_true(tracefs_has_event(t, "tcp", "tcp_probe"));
	assert_false(tracefs_has_event(t, "tcp", "tcp_gone"));
	assert_false(tracefs_has_event(t, "ftrace", "function"));
}

/* A name is the name of a directory: it cannot lead out of events/. */
static void test_tracefs_names_lead_nowhere_else(void **state)
{
	struct tracefs *t CLEANUP(tracefs_close_p) = open_tracefs();
	struct buffer text CLEANUP(buffer_done) = {0};

	assert_false(tracefs_has_event(t, "..", "events"));
	assert_false(tracefs_has_event(t, "tcp", "../tcp/tcp_probe"));
	assert_false(tracefs_has_event(t, "tcp", ""));
	assert_int_equal(tracefs_event_format(t, "tcp/..", "tcp_probe", &text, NULL), -ENOENT);
}

static void test_tracefs_formats(void **state)
{
	struct tracefs *t CLEANUP(tracefs_close_p) = open_tracefs();
	struct buffer text CLEANUP(buffer_done) = {0};

	assert_int_equal(tracefs_event_format(t, "tcp", "tcp_probe", &text, NULL), 0);
	assert_string_equal((const char *)text.data, "name: tcp_probe\nID: 7\n");
	assert_int_equal(text.len, strlen("name: tcp_probe\nID: 7\n"));
	assert_int_equal(tracefs_event_format(t, "tcp", "tcp_gone", &text, NULL), -ENOENT);
}

static void test_tracefs_lists(void **state)
{
	struct tracefs *t CLEANUP(tracefs_close_p) = open_tracefs();
	struct tracefs_names names CLEANUP(tracefs_names_done) = {0};

	assert_int_equal(tracefs_systems(t, &names, NULL), 0);
	assert_int_equal(names.n, 2);
	assert_string_equal(names.names[0], "ftrace");
	assert_string_equal(names.names[1], "tcp");
	tracefs_names_done(&names);
	assert_int_equal(tracefs_events(t, "tcp", &names, NULL), 0);
	assert_int_equal(names.n, 2);
	assert_string_equal(names.names[0], "tcp_ack");
	tracefs_names_done(&names);
	assert_int_equal(tracefs_events(t, "gone", &names, NULL), -ENOENT);
}

static void expect_refusal(const char *dir, const char *text)
{
	struct fault fault = FAULT_INIT;
	struct tracefs *t = NULL;

	mount_point = dir;
	assert_int_equal(tracefs_open(&t, &fault), -ENOENT);
	assert_non_null(strstr(fault.text, text));
	mount_point = root;
}

static void test_tracefs_refusals_say_what_to_do(void **state)
{
	expect_refusal(NULL, "mount -t tracefs");
	expect_refusal("/nonexistent", "CONFIG_EVENT_TRACING");
}

/* Who runs a recorder is told what it leaves on the host. */
static void test_tracefs_that_was_not_mounted(void **state)
{
	for (n_unmounted = 0; n_unmounted < 3; n_unmounted++) {
		unsigned int n = n_unmounted;
		struct tracefs *t CLEANUP(tracefs_close_p) = open_tracefs();

		/* Twice without: it cannot be mounted, or is below debugfs. */
		if (n == 1)
			assert_non_null(strstr(tracefs_mounted(t), root));
		else
			assert_null(tracefs_mounted(t));
		n_unmounted = n;
	}
	n_unmounted = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tracefs_has_events_that_perf_can_open),
		cmocka_unit_test(test_tracefs_names_lead_nowhere_else),
		cmocka_unit_test(test_tracefs_formats),
		cmocka_unit_test(test_tracefs_lists),
		cmocka_unit_test(test_tracefs_refusals_say_what_to_do),
		cmocka_unit_test(test_tracefs_that_was_not_mounted),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
