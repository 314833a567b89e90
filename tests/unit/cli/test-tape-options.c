// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/typed-options.h"

struct parsed {
	struct tape_options o;
	struct arena arena;
	struct fault fault;
	int code;
};

static void parse(struct parsed *p, const char *const *words)
{
	struct option_group groups[4];
	char *argv[16] = {(char *)"view"};
	bool is_help_wanted;
	int argc = 1, first;
	size_t n = 0;

	memset(p, 0, sizeof(*p));
	for (; *words; words++)
		argv[argc++] = (char *)*words;
	assert_int_equal(options_flatten(&tape_option_table, "Options:", &p->o, groups, 4, &n), 0);
	p->code =
		options_parse(groups, n, argc, argv, &p->arena, &first, &is_help_wanted, &p->fault);
}

#define PARSE(p, ...) parse(p, (const char *const[]){__VA_ARGS__, NULL})

static void test_times(void **state)
{
	struct parsed p;

	PARSE(&p, "--since", "+1.5s", "--until", "10:32", "--time", "unix", "--from-start");
	assert_int_equal(p.code, 0);
	assert_true(p.o.since.is_relative);
	assert_int_equal(p.o.since.after_ns, 1500000000);
	assert_false(p.o.until.is_relative);
	assert_string_equal(p.o.until.typed, "10:32");
	assert_int_equal(p.o.time, RENDER_TIME_UNIX);
	assert_true(p.o.from_start);
	arena_done(&p.arena);
}

static void test_what_is_no_time(void **state)
{
	static const char *const words[] = {
		"yesterday", "+", "+soon", "25:00", "10:32:07.", "", "+99999999999999999999s"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct parsed p;

		PARSE(&p, "--since", words[i]);
		assert_int_equal(p.code, -EINVAL);
		assert_non_null(strstr(p.fault.text, "not a time"));
		arena_done(&p.arena);
	}
}

/* Returns the path of a file of labels with this text, which the caller unlinks. */
static const char *label_file(char *path, const char *text)
{
	int fd;

	strcpy(path, "/tmp/tcptape-labels-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	return path;
}

static void test_labels(void **state)
{
	struct typed_options typed;
	struct playback_options o;
	struct parsed p;
	char path[64];

	label_file(path, "10.0.0.1 web-1\n10.0.0.2 db-1\n");
	/* The order of the two does not matter. */
	PARSE(&p, "--label", "db-1", "--labels", path);
	assert_int_equal(p.code, 0);
	o = tape_options_playback(&p.o);
	assert_int_equal(o.labels->n, 2);
	assert_ptr_equal(o.filter.label_names, o.labels);
	assert_int_equal(typed_options_make(&p.o, &p.arena, &typed), 0);
	assert_int_equal(typed.n, 2);
	assert_string_equal(typed.words[1], "--label db-1");
	arena_done(&p.arena);
	PARSE(&p, "--label", "db-2", "--labels", path);
	assert_int_equal(p.code, -EINVAL);
	assert_non_null(strstr(p.fault.text, "has no such name"));
	arena_done(&p.arena);
	PARSE(&p, "--label", "db-1");
	assert_int_equal(p.code, -EINVAL);
	assert_non_null(strstr(p.fault.text, "needs --labels"));
	arena_done(&p.arena);
	unlink(path);
}

/* A file that cannot be used is no wrong usage. */
static void test_labels_that_cannot_be_used(void **state)
{
	struct parsed p;
	char path[64];

	PARSE(&p, "--labels", "/nonexistent/labels");
	assert_int_equal(p.code, -ENOENT);
	assert_non_null(strstr(p.fault.text, "/nonexistent/labels: No such file"));
	arena_done(&p.arena);
	label_file(path, "10.0.0.1 web-1\nweb-2\n");
	PARSE(&p, "--labels", path);
	assert_int_equal(p.code, -EBADMSG);
	assert_non_null(strstr(p.fault.text, ": line 2: web-2 has no name"));
	arena_done(&p.arena);
	unlink(path);
}

/* A view in UTC reads its --since in UTC, too. */
static void test_playback_takes_all_of_it(void **state)
{
	struct playback_options o;
	struct parsed p;

	PARSE(&p, "--time", "utc", "--since", "10:32", "--from-start", "--rport", "443", "-6");
	o = tape_options_playback(&p.o);
	assert_true(o.window.is_utc);
	assert_true(o.from_start);
	assert_string_equal(o.window.since.typed, "10:32");
	assert_null(o.window.until.typed);
	assert_int_equal(o.filter.rport.n, 1);
	assert_int_equal(o.filter.family, 6);
	arena_done(&p.arena);
	PARSE(&p, "--time", "local");
	assert_false(tape_options_playback(&p.o).window.is_utc);
	arena_done(&p.arena);
}

static void test_options_typed_again(void **state)
{
	struct typed_options typed;
	struct parsed p;

	PARSE(&p, "--since", "+5s", "--port", "80", "--port", "443", "--addr", "10.0.0.0/8", "-4",
	      "--pid", "7", "--comm", "nginx", "--until", "10:32");
	assert_int_equal(typed_options_make(&p.o, &p.arena, &typed), 0);
	assert_int_equal(typed.n, 7);
	assert_string_equal(typed.words[0], "--port 80,443");
	assert_string_equal(typed.words[1], "--addr 10.0.0.0/8");
	assert_string_equal(typed.words[2], "-4");
	assert_string_equal(typed.words[3], "--pid 7");
	assert_string_equal(typed.words[4], "--comm nginx");
	assert_string_equal(typed.words[5], "--since +5s");
	assert_string_equal(typed.words[6], "--until 10:32");
	arena_done(&p.arena);
}

/* Nobody's process name gets into a shell. */
static void test_options_that_a_shell_would_read_otherwise(void **state)
{
	struct typed_options typed;
	struct parsed p;

	PARSE(&p, "--comm", "a;reboot", "--lport", "22");
	assert_int_equal(typed_options_make(&p.o, &p.arena, &typed), 0);
	assert_int_equal(typed.n, 1);
	assert_string_equal(typed.words[0], "--lport 22");
	arena_done(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_what_is_no_time),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_labels_that_cannot_be_used),
		cmocka_unit_test(test_playback_takes_all_of_it),
		cmocka_unit_test(test_options_typed_again),
		cmocka_unit_test(test_options_that_a_shell_would_read_otherwise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
