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
	const struct tcptape_row *row;
	struct tcptape *t;

	save(path, 0);
	assert_int_equal(tcptape_open(path, &t, why, sizeof(why)), 0);
	assert_int_equal(tcptape_next(t, &row), 1);
	assert_string_equal(row->name, "two");
	assert_true(row->ts_ns == 1100 && row->has_real && row->real_ns == 5100 && row->cpu == 0);
	assert_non_null(memmem(row->format, row->format_len, "two", 3));
	assert_int_equal(tcptape_next(t, &row), 1);
	assert_string_equal(row->system, "tcp");
	assert_int_equal(tcptape_next(t, &row), 0);
	assert_null(tcptape_damage(t));
	assert_string_equal(tcptape_host(t, "host"), "h");
	assert_null(tcptape_host(t, "nothing"));
	assert_int_equal(tcptape_n_host(t), 1);
	assert_string_equal(tcptape_host_key(t, 0), "host");
	assert_string_equal(tcptape_host_value(t, 0), "h");
	assert_null(tcptape_host_key(t, 1));
	assert_null(tcptape_host_value(t, 1));
	tcptape_close(t);
	unlink(path);
}

static void test_damage_and_refusals(void **state)
{
	char path[] = "/tmp/test-public-XXXXXX", why[240];
	const struct tcptape_row *row;
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

/* Without a MARK all rows wait for the end of the tape, which is known before they are shown. */
static void test_an_end_that_is_not_reached(void **state)
{
	char path[] = "/tmp/test-public-XXXXXX", why[240];
	struct buffer b CLEANUP(buffer_done) =
		tape_script("format 0 tcp one v:4\nrow 0 5 100 v=1\nrow 0 5 200 v=2\nchunk\n");
	int fd CLEANUP(close_p) = mkstemp(path);
	const struct tcptape_row *row;
	struct tcptape *t;

	assert_int_equal(io_write_all(fd, b.data, b.len), 0);
	assert_int_equal(tcptape_open(path, &t, why, sizeof(why)), 0);
	assert_int_equal(tcptape_next(t, &row), 1);
	assert_true(row->cpu == 5 && row->chain == 0 && row->tracepoint == 0);
	assert_null(tcptape_damage(t));
	assert_int_equal(tcptape_next(t, &row), 1);
	assert_null(tcptape_damage(t));
	assert_int_equal(tcptape_next(t, &row), 0);
	assert_string_equal(tcptape_damage(t), "the tape has no end");
	tcptape_close(t);
	unlink(path);
}

static struct tcptape *open_vector(const char *name)
{
	char path[256], why[240];
	struct tcptape *t;

	snprintf(path, sizeof(path), VECTORS "/%s.tape", name);
	assert_int_equal(tcptape_open(path, &t, why, sizeof(why)), 0);
	return t;
}

/* The row of types.tape and big-endian.tape that has something in every field. */
static void check_fields(struct tcptape *t)
{
	const struct tcptape_row *row;
	const uint8_t *bytes;
	uint64_t u = 0;
	int64_t i = 0;
	char to[4];
	size_t len;

	assert_int_equal(tcptape_n_fields(t), 0);
	assert_int_equal(tcptape_get_u64(t, "small", &u), -ENOENT);
	assert_string_equal(tcptape_error(t), "there is no row");
	assert_int_equal(tcptape_next(t, &row), 1);
	assert_string_equal(tcptape_error(t), "");
	assert_int_equal(tcptape_n_fields(t), 17);
	assert_string_equal(tcptape_field(t, 4), "skaddr");
	assert_null(tcptape_field(t, 17));
	assert_int_equal(tcptape_kind(t, "skaddr"), TCPTAPE_NUMBER);
	assert_int_equal(tcptape_kind(t, "comm"), TCPTAPE_STRING);
	assert_int_equal(tcptape_kind(t, "numbers"), TCPTAPE_LIST);
	assert_int_equal(tcptape_kind(t, "odd"), TCPTAPE_BYTES);
	assert_int_equal(tcptape_get_u64(t, "skaddr", &u), 0);
	assert_true(u == 0xffff888000001234);
	assert_int_equal(tcptape_get_i64(t, "skaddr", &i), -ERANGE);
	assert_int_equal(tcptape_get_i64(t, "credit", &i), 0);
	assert_true(i == -9000000000);
	assert_int_equal(tcptape_get_u64(t, "credit", &u), -ERANGE);
	assert_non_null(strstr(tcptape_error(t), "credit"));
	assert_int_equal(tcptape_get_u64(t, "comm", &u), -EINVAL);
	assert_int_equal(tcptape_get_u64(t, "none", &u), -ENOENT);
	assert_non_null(strstr(tcptape_error(t), "tcp:types has no field none"));
	assert_int_equal(tcptape_get_string(t, "comm", to, sizeof(to)), 4);
	assert_string_equal(to, "cur");
	assert_int_equal(tcptape_get_string(t, "comm", NULL, 0), 4);
	assert_int_equal(tcptape_get_string(t, "device", to, sizeof(to)), 2);
	assert_string_equal(to, "lo");
	assert_int_equal(tcptape_get_string(t, "small", to, sizeof(to)), -EINVAL);
	assert_int_equal(tcptape_get_element(t, "steps", 2, &i), 0);
	assert_true(i == -32768);
	assert_int_equal(tcptape_get_element(t, "steps", 3, &i), -ERANGE);
	assert_int_equal(tcptape_get_element(t, "numbers", 1, &i), 0);
	assert_true(i == UINT32_MAX);
	assert_int_equal(tcptape_get_bytes(t, "odd", &bytes, &len), 0);
	assert_true(len == 5 && bytes[4] == 5);
	assert_int_equal(tcptape_get_bytes(t, "small", &bytes, &len), 0);
	assert_true(len == 2 && bytes == row->data + 26);
}

static void test_fields_by_name(void **state)
{
	struct tcptape *t = open_vector("types");
	const struct tcptape_row *row;
	char to[8];

	check_fields(t);
	assert_int_equal(tcptape_next(t, &row), 1);
	assert_int_equal(tcptape_next(t, &row), 1);
	assert_int_equal(tcptape_get_string(t, "device", to, sizeof(to)), -ENODATA);
	tcptape_close(t);
	t = open_vector("big-endian");
	check_fields(t);
	tcptape_close(t);
}

static void test_counts(void **state)
{
	struct tcptape *t = open_vector("every");
	const struct tcptape_counts *c;
	const struct tcptape_row *row;
	int n = 0;

	assert_int_equal(tcptape_n_counts(t), 0);
	assert_null(tcptape_counts(t, 0));
	assert_false(tcptape_sums(t)->is_final);
	while (tcptape_next(t, &row) > 0)
		n++;
	assert_int_equal(tcptape_n_counts(t), 4);
	c = tcptape_counts(t, 1);
	assert_true(c->tracepoint == 0 && c->cpu == 1 && c->is_final && !c->is_guessed);
	assert_string_equal(c->name, "one");
	assert_true(c->counted == 4 && c->recorded == 1 && c->lost == 3 && c->undelivered == 0);
	c = tcptape_sums(t);
	assert_true(c->is_final && c->lost == 3 && c->recorded == (uint64_t)n);
	assert_int_equal(tcptape_n_late(t), 0);
	tcptape_close(t);
}

static void test_reasons_of_errors(void **state)
{
	struct tcptape *t = open_vector("newer-version");
	const struct tcptape_row *row;
	int r;

	while ((r = tcptape_next(t, &row)) > 0)
		;
	assert_int_equal(r, -ENOTSUP);
	assert_non_null(strstr(tcptape_error(t), "version 2"));
	assert_int_equal(tcptape_n_fields(t), 0);
	tcptape_close(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_in_order),
		cmocka_unit_test(test_damage_and_refusals),
		cmocka_unit_test(test_an_end_that_is_not_reached),
		cmocka_unit_test(test_fields_by_name),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_reasons_of_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
