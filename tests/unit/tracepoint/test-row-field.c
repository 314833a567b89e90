// SPDX-License-Identifier: MIT
/*
 * Values of fields: sizes, signs, arrays, dynamic data, in either byte order, and never beyond the
 * row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "tracepoint/row-field.h"

static const char text[] = "name: x\nID: 1\nformat:\n"
			   "\tfield:int common_pid;\toffset:0;\tsize:4;\tsigned:1;\n\n"
			   "\tfield:unsigned int u;\toffset:4;\tsize:4;\tsigned:0;\n"
			   "\tfield:s16 list[2];\toffset:8;\tsize:4;\tsigned:1;\n"
			   "\tfield:char comm[4];\toffset:12;\tsize:4;\tsigned:0;\n"
			   "\tfield:__data_loc char[] data;\toffset:16;\tsize:4;\tsigned:0;\n"
			   "\tfield:__rel_loc u16[] rel;\toffset:20;\tsize:4;\tsigned:0;\n"
			   "\tfield:struct odd odd;\toffset:24;\tsize:3;\tsigned:0;\n"
			   "\nprint fmt: \"\"\n";

/* The data of `data` are the last three bytes but four, those of `rel` the last four. */
static const uint8_t little[] = {
	0xfe, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 1, 0, 0xff, 0xff, 'a', 'b', 0, 0, 28, 0,
	3,    0,    7,	  0,	4,    0,    1,	  2,	3, 0, 'l',  'o',  0,   1,   0, 2, 0,
};
static const uint8_t big[] = {
	0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xfe, 0, 1, 0xff, 0xff, 'a', 'b', 0, 0, 0, 3,
	0,    28,   0,	  4,	0,    7,    1,	  2,	3, 0, 'l',  'o',  0,   0,   1, 0, 2,
};

static struct row_value value_in(const uint8_t *row, size_t len, bool is_big, const char *name)
{
	struct trace_format f;
	/* Memory of its own, so that the sanitizers see a read beyond the row. */
	uint8_t *copy = malloc(len ? len : 1);
	struct row_value v;

	assert_int_equal(trace_format_parse(text, sizeof(text) - 1, &f, NULL), 0);
	memcpy(copy, row, len);
	v = row_field_value(trace_format_field(&f, name), is_big, copy, len);
	if (v.bytes)
		v.bytes = row + (v.bytes - copy);
	free(copy);
	return v;
}

static void check_order(const uint8_t *row, size_t len, bool is_big)
{
	struct row_value v = value_in(row, len, is_big, "common_pid");

	assert_int_equal(v.kind, ROW_VALUE_SIGNED);
	assert_true((int64_t)v.number == -2);
	v = value_in(row, len, is_big, "u");
	assert_int_equal(v.kind, ROW_VALUE_UNSIGNED);
	assert_true(v.number == 0xfffffffeu);
	v = value_in(row, len, is_big, "list");
	assert_int_equal(v.kind, ROW_VALUE_LIST);
	assert_int_equal(row_value_count(&v), 2);
	assert_true(row_value_element(&v, 0, is_big) == 1);
	assert_true((int64_t)row_value_element(&v, 1, is_big) == -1);
	v = value_in(row, len, is_big, "comm");
	assert_int_equal(v.kind, ROW_VALUE_TEXT);
	assert_int_equal(row_value_text_len(&v), 2);
	v = value_in(row, len, is_big, "data");
	assert_int_equal(v.kind, ROW_VALUE_TEXT);
	assert_memory_equal(v.bytes, "lo", 3);
	assert_int_equal(v.len, 3);
	v = value_in(row, len, is_big, "rel");
	assert_int_equal(v.kind, ROW_VALUE_LIST);
	assert_int_equal(row_value_count(&v), 2);
	assert_true(row_value_element(&v, 1, is_big) == 2);
	v = value_in(row, len, is_big, "odd");
	assert_int_equal(v.kind, ROW_VALUE_BYTES);
	assert_int_equal(v.len, 3);
}

static void test_row_field_in_either_order(void **state)
{
	check_order(little, sizeof(little), false);
	check_order(big, sizeof(big), true);
}

static void test_row_field_beyond_the_row(void **state)
{
	for (size_t len = 0; len < sizeof(little); len++) {
		assert_int_equal(value_in(little, len, false, "u").kind,
				 len < 8 ? ROW_VALUE_NONE : ROW_VALUE_UNSIGNED);
		assert_int_equal(value_in(little, len, false, "data").kind,
				 len < 31 ? ROW_VALUE_NONE : ROW_VALUE_TEXT);
		assert_int_equal(value_in(little, len, false, "rel").kind, ROW_VALUE_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_row_field_in_either_order),
		cmocka_unit_test(test_row_field_beyond_the_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
