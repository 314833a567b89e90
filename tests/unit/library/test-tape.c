// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "support/tape-script.h"
#include <tcptape/tape.h>

static const char script[] = "host host h\n"
			     "clock 1000 5000\n"
			     "format 0 tcp one v:4\n"
			     "format 1 sock two v:4\n"
			     "row 0 1 1200 v=1\n"
			     "row 1 0 1100 v=2\n"
			     "mark 2000\n"
			     "finish\n";

/* A file of the first len bytes of the script's tape. */
static void save(char *path, size_t cut)
{
	struct buffer b CLEANUP(buffer_done) = tape_script(script);
	int fd CLEANUP(close_p) = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, b.data, b.len - cut), 0);
}

static void test_rows_in_order(void **state)
{
	char path[] = "/tmp/test-public-XXXXXX", why[240];
	struct tcptape_row row;
	struct tcptape *t;

	save(path, 0);
	assert_int_equal(tcptape_open(path, &t, why, sizeof(why)), 0);
	assert_int_equal(tcptape_next(t, &row), 1);
	assert_string_equal(row.name, "two");
	assert_true(row.ts_ns == 1100 && row.has_real && row.real_ns == 5100 && row.cpu == 0);
	assert_non_null(memmem(row.format, row.format_len, "two", 3));
	assert_int_equal(tcptape_next(t, &row), 1);
	assert_string_equal(row.system, "tcp");
	assert_int_equal(tcptape_next(t, &row), 0);
	assert_null(tcptape_damage(t));
	assert_string_equal(tcptape_host(t, "host"), "h");
	assert_null(tcptape_host(t, "nothing"));
	tcptape_close(t);
	unlink(path);
}

static void test_damage_and_refusals(void **state)
{
	char path[] = "/tmp/test-public-XXXXXX", why[240];
	struct tcptape_row row;
	struct tcptape *t;

	save(path, 80);
	assert_int_equal(tcptape_open(path, &t, why, sizeof(why)), 0);
	assert_int_equal(tcptape_next(t, &row), 1);
	assert_null(tcptape_damage(t));
	assert_int_equal(tcptape_next(t, &row), 1);
	assert_int_equal(tcptape_next(t, &row), 0);
	assert_string_equal(tcptape_damage(t), "the tape has no end");
	tcptape_close(t);
	unlink(path);
	assert_int_equal(tcptape_open("/dev/null", &t, why, sizeof(why)), -ENODATA);
	assert_non_null(strstr(why, "empty"));
	assert_int_equal(tcptape_open("/nonexistent", &t, why, sizeof(why)), -ENOENT);
	tcptape_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_in_order),
		cmocka_unit_test(test_damage_and_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
