// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/new-file.h"

/* A directory of its own, and paths in it. */
struct world {
	char directory[64], path[96], other[96];
};

static const struct new_file_options tape = {.option = "-o", .mode = 0600};
static const struct new_file_options page = {.option = "--html", .mode = 0666};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	strcpy(w->directory, "/tmp/new-file-XXXXXX");
	if (!w || !mkdtemp(w->directory))
		return -1;
	snprintf(w->path, sizeof(w->path), "%s/name", w->directory);
	snprintf(w->other, sizeof(w->other), "%s/other", w->directory);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;
	int r;

	unlink(w->path);
	unlink(w->other);
	/* Fails when a test left a file under another name. */
	r = rmdir(w->directory);
	free(w);
	return r;
}

static void put(const char *path, const char *words, mode_t mode)
{
	int fd CLEANUP(close_p) = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, words, strlen(words)), 0);
	assert_int_equal(fchmod(fd, mode), 0);
}

static void assert_holds(const char *path, const char *words, mode_t mode)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct stat st;

	assert_int_equal(io_read_file(path, 4096, &b), 0);
	assert_string_equal((const char *)b.data, words);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_mode & 07777, mode);
}

static void assert_refused(const char *path, const struct new_file_options *o, int code,
			   const char *words)
{
	struct new_file f;
	struct fault fault = FAULT_INIT;

	assert_int_equal(new_file_open(path, o, &f, &fault), code);
	assert_non_null(strstr(fault.text, words));
	assert_non_null(strstr(fault.text, path));
}

static void write_named(const char *path, const struct new_file_options *o, const char *words)
{
	struct new_file f CLEANUP(new_file_done) = {.fd = -1, .replaced = -1};
	struct fault fault = FAULT_INIT;

	assert_int_equal(new_file_open(path, o, &f, &fault), 0);
	assert_int_equal(io_write_all(f.fd, words, strlen(words)), 0);
	assert_int_equal(new_file_name(&f, &fault), 0);
	assert_int_equal(new_file_close(&f, &fault), 0);
}

static void test_new_file_is_the_owners_alone(void **state)
{
	const struct world *w = *state;

	write_named(w->path, &tape, "new");
	assert_holds(w->path, "new", 0600);
}

static void test_new_file_replaces_a_file_but_not_its_other_names(void **state)
{
	const struct world *w = *state;

	put(w->path, "old", 0644);
	assert_int_equal(link(w->path, w->other), 0);
	write_named(w->path, &tape, "new");
	assert_holds(w->path, "new", 0600);
	assert_holds(w->other, "old", 0644);
}

static void test_new_file_keeps_a_mode_that_its_own_allows(void **state)
{
	const struct world *w = *state;

	put(w->path, "old", 0640);
	write_named(w->path, &page, "new");
	assert_holds(w->path, "new", 0640);
}

static void test_new_file_without_its_name_leaves_all_as_it_was(void **state)
{
	const struct world *w = *state;
	struct new_file f;
	struct fault fault = FAULT_INIT;

	put(w->path, "old", 0644);
	assert_int_equal(new_file_open(w->path, &tape, &f, &fault), 0);
	assert_int_equal(io_write_all(f.fd, "new", 3), 0);
	assert_holds(w->path, "old", 0644);
	assert_int_equal(new_file_close(&f, &fault), 0);
	new_file_done(&f);
	assert_holds(w->path, "old", 0644);

	assert_int_equal(new_file_open(w->other, &tape, &f, &fault), 0);
	new_file_done(&f);
	assert_int_equal(access(w->other, F_OK), -1);
}

static void test_new_file_refuses_the_second_writer(void **state)
{
	const struct world *w = *state;
	struct new_file f CLEANUP(new_file_done) = {.fd = -1, .replaced = -1};
	struct fault fault = FAULT_INIT;

	/* The first writer made the file: */
	assert_int_equal(new_file_open(w->path, &tape, &f, &fault), 0);
	assert_refused(w->path, &tape, -EBUSY, "another process is writing it");
	assert_int_equal(new_file_name(&f, &fault), 0);
	assert_refused(w->path, &tape, -EBUSY, "choose another -o");
	new_file_done(&f);
	/* The first writer replaces one, before and after its file has the name: */
	assert_int_equal(new_file_open(w->path, &tape, &f, &fault), 0);
	assert_refused(w->path, &tape, -EBUSY, "another process is writing it");
	assert_int_equal(new_file_name(&f, &fault), 0);
	assert_refused(w->path, &page, -EBUSY, "choose another --html");
	assert_int_equal(new_file_close(&f, &fault), 0);
	write_named(w->path, &tape, "third");
	assert_holds(w->path, "third", 0600);
}

static void test_new_file_follows_no_link_to_a_file(void **state)
{
	const struct world *w = *state;

	assert_int_equal(symlink(w->other, w->path), 0);
	assert_refused(w->path, &tape, -ELOOP, "is a symbolic link");
	assert_int_equal(access(w->other, F_OK), -1);
	put(w->other, "other's", 0644);
	assert_refused(w->path, &tape, -ELOOP, "is a symbolic link");
	assert_holds(w->other, "other's", 0644);
}

/* The name becomes a link between the opening and the naming. */
static void test_new_file_replaces_a_link_and_not_its_target(void **state)
{
	const struct world *w = *state;
	struct new_file f CLEANUP(new_file_done) = {.fd = -1, .replaced = -1};
	struct fault fault = FAULT_INIT;

	put(w->path, "old", 0644);
	put(w->other, "other's", 0644);
	assert_int_equal(new_file_open(w->path, &tape, &f, &fault), 0);
	assert_int_equal(unlink(w->path), 0);
	assert_int_equal(symlink(w->other, w->path), 0);
	assert_int_equal(io_write_all(f.fd, "new", 3), 0);
	assert_int_equal(new_file_name(&f, &fault), 0);
	assert_holds(w->path, "new", 0600);
	assert_holds(w->other, "other's", 0644);
}

static void test_new_file_that_must_be_new(void **state)
{
	const struct world *w = *state;
	struct new_file_options o = tape;

	o.must_be_new = true;
	write_named(w->path, &o, "new");
	assert_refused(w->path, &o, -EEXIST, "is there already");
	assert_int_equal(symlink("/dev/null", w->other), 0);
	assert_refused(w->other, &o, -EEXIST, "is there already");
	assert_holds(w->path, "new", 0600);
}

static void test_new_file_opens_devices_fifos_and_links_to_them(void **state)
{
	const struct world *w = *state;
	struct fault fault = FAULT_INIT;
	struct new_file f;
	int reader CLEANUP(close_p) = -1;

	write_named("/dev/null", &tape, "gone");
	assert_int_equal(symlink("/dev/null", w->other), 0);
	write_named(w->other, &tape, "gone");
	assert_int_equal(mkfifo(w->path, 0600), 0);
	reader = open(w->path, O_RDONLY | O_NONBLOCK);
	assert_int_equal(new_file_open(w->path, &tape, &f, &fault), 0);
	assert_true(f.is_stream);
	new_file_done(&f);
	assert_int_equal(access(w->path, F_OK), 0);
}

static void test_new_file_by_the_name_of_a_descriptor(void **state)
{
	const struct world *w = *state;
	char name[32];
	int fd CLEANUP(close_p) = -1;

	put(w->path, "old, and longer", 0644);
	fd = open(w->path, O_WRONLY);
	snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	write_named(name, &tape, "new");
	assert_holds(w->path, "new", 0644);
}

static void test_new_file_says_that_it_lost_its_name(void **state)
{
	const struct world *w = *state;
	struct new_file f CLEANUP(new_file_done) = {.fd = -1, .replaced = -1};
	struct fault fault = FAULT_INIT;

	assert_int_equal(new_file_open(w->path, &tape, &f, &fault), 0);
	assert_int_equal(new_file_name(&f, &fault), 0);
	assert_int_equal(rename(w->path, w->other), 0);
	assert_int_equal(unlink(w->other), 0);
	assert_int_equal(new_file_close(&f, &fault), -ESTALE);
	assert_non_null(strstr(fault.text, "was removed or replaced"));
}

static void test_new_file_says_why_not(void **state)
{
	const struct world *w = *state;
	char path[128];

	assert_refused(w->directory, &tape, -EISDIR, "name a file, as in: -o ");
	snprintf(path, sizeof(path), "%s/none/name", w->directory);
	assert_refused(path, &page, -ENOENT, "create it, or choose another --html");
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_new_file_is_the_owners_alone),
		CASE(test_new_file_replaces_a_file_but_not_its_other_names),
		CASE(test_new_file_keeps_a_mode_that_its_own_allows),
		CASE(test_new_file_without_its_name_leaves_all_as_it_was),
		CASE(test_new_file_refuses_the_second_writer),
		CASE(test_new_file_follows_no_link_to_a_file),
		CASE(test_new_file_replaces_a_link_and_not_its_target),
		CASE(test_new_file_that_must_be_new),
		CASE(test_new_file_opens_devices_fifos_and_links_to_them),
		CASE(test_new_file_by_the_name_of_a_descriptor),
		CASE(test_new_file_says_that_it_lost_its_name),
		CASE(test_new_file_says_why_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
