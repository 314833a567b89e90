// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "tracepoint/trace-format.h"

static const char plain[] =
	"name: some_event\nID: 1306\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"
	"\n"
	"\tfield:const void * skaddr;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\tfield:__u8 saddr[sizeof(struct sockaddr_in6)];\toffset:16;\tsize:28;\tsigned:0;\n"
	"\tfield:enum sk_rst_reason reason;\toffset:44;\tsize:4;\tsigned:0;\n"
	"\tfield:char name[32];\toffset:48;\tsize:32;\tsigned:1;\n"
	"\tfield:long sysctl_mem[3];\toffset:80;\tsize:24;\tsigned:1;\n"
	"\tfield:long * where;\toffset:104;\tsize:8;\tsigned:0;\n"
	"\tfield:__data_loc char[] text;\toffset:112;\tsize:4;\tsigned:0;\n"
	"\tfield:unsigned long ip;\toffset:120;\tsize:8;\tsigned:0;\n"
	"\tfield:bool fin;\toffset:128;\tsize:1;\tsigned:0;\n"
	"\n"
	"print fmt: \"x\"\n";

static const struct trace_field *field(const struct trace_format *f, const char *name)
{
	const struct trace_field *found = trace_format_field(f, name);

	assert_non_null(found);
	return found;
}

static void test_format_fields(void **state)
{
	struct trace_format f;

	assert_int_equal(trace_format_parse(plain, strlen(plain), &f, NULL), 0);
	assert_string_equal(f.name, "some_event");
	assert_int_equal(f.id, 1306);
	assert_int_equal(f.n_fields, 11);
	assert_int_equal(f.record_size, 129);
	assert_true(field(&f, "common_pid")->is_common);
	assert_true(field(&f, "common_pid")->is_signed);
	assert_true(field(&f, "skaddr")->is_pointer);
	assert_false(field(&f, "skaddr")->is_common);
	assert_int_equal(field(&f, "saddr")->size, 28);
	assert_int_equal(field(&f, "saddr")->element_size, 1);
	assert_true(field(&f, "saddr")->is_array);
	assert_int_equal(field(&f, "reason")->offset, 44);
	assert_true(field(&f, "name")->is_char);
	assert_int_equal(field(&f, "sysctl_mem")->element_size, 8);
	assert_false(field(&f, "sysctl_mem")->is_pointer);
	assert_false(field(&f, "sysctl_mem")->is_long);
	assert_true(field(&f, "where")->is_pointer);
	assert_true(field(&f, "text")->is_dynamic);
	assert_true(field(&f, "ip")->is_long);
	assert_int_equal(field(&f, "fin")->size, 1);
	assert_null(trace_format_field(&f, "absent"));
}

static void test_format_refuses(void **state)
{
	static const char *const bad[] = {
		"",
		"name: x\n",
		"name: x\nID: 1\n",
		"name: x\nID: 1\nformat:\n",
		"name: x\nID: 1\nformat:\n\n\nprint fmt: \"\"\n",
		"name: x\nID: y\nformat:\n\tfield:int a;\toffset:0;\tsize:4;\tsigned:1;\n",
		"ID: 1\nformat:\n\tfield:int a;\toffset:0;\tsize:4;\tsigned:1;\n",
		"name: x\nID: 1\nformat:\n\tfield:int a;\toffset:0;\tsigned:1;\n",
		"name: x\nID: 1\nformat:\n\tfield:int a;\toffset:65533;\tsize:4;\tsigned:1;\n",
		"name: x\nID: 1\nformat:\n\tfield:int a;\toffset:-1;\tsize:4;\tsigned:1;\n",
		"name: x\nID: 1\nformat:\n\tfield:int a;\toffset:99999999999;\tsize:4;\n",
		"name: x\nID: 1\nformat:\n\tfield:int;\toffset:0;\tsize:4;\tsigned:1;\n",
		"name: x\nID: 1\nformat:\n\tfield:;\toffset:0;\tsize:4;\tsigned:1;\n",
		"name: x\nID: 1\nformat:\n\tfield:int a]\n",
		"name: x\nID: 1\nformat:\n\tfield:int a];\toffset:0;\tsize:4;\n",
		"name: a\033[1m\nID: 1\nformat:\n\tfield:int a;\toffset:0;\tsize:4;\tsigned:1;\n",
	};
	struct trace_format f = {.id = 7};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct fault fault = FAULT_INIT;

		assert_int_equal(trace_format_parse(bad[i], strlen(bad[i]), &f, &fault), -EBADMSG);
		assert_int_equal(fault.code, -EBADMSG);
		assert_int_equal(f.id, 7);
	}
}

static void test_format_too_many_fields(void **state)
{
	struct buffer b = {0};
	struct trace_format f;

	assert_int_equal(buffer_append(&b, plain, strstr(plain, "\tfield:") - plain), 0);
	for (int i = 0; i <= TRACE_FORMAT_FIELDS_MAX; i++) {
		char line[80];
		int n = snprintf(line, sizeof(line), "\tfield:int f%d;\toffset:%d;\tsize:4;\n", i,
				 4 * i);

		if (i == TRACE_FORMAT_FIELDS_MAX)
			assert_int_equal(trace_format_parse((char *)b.data, b.len, &f, NULL), 0);
		assert_int_equal(buffer_append(&b, line, n), 0);
	}
	assert_int_equal(trace_format_parse((char *)b.data, b.len, &f, NULL), -EBADMSG);
	buffer_done(&b);
}

/* Copies end exactly where the text ends, so that the sanitizer sees every step beyond. */
static void parse_copy(const char *text, size_t len)
{
	char *copy = malloc(len ? len : 1);
	struct trace_format f;

	assert_non_null(copy);
	memcpy(copy, text, len);
	if (trace_format_parse(copy, len, &f, NULL) == 0) {
		for (size_t i = 0; i < f.n_fields; i++)
			assert_true(f.fields[i].offset + f.fields[i].size <= (int)f.record_size);
	}
	free(copy);
}

static void test_format_cut_and_mutated(void **state)
{
	char text[sizeof(plain)];
	uint32_t seed = 1;

	for (size_t len = 0; len < sizeof(plain); len++)
		parse_copy(plain, len);
	for (int i = 0; i < 50000; i++) {
		memcpy(text, plain, sizeof(plain));
		for (int k = 0; k < 1 + i % 4; k++) {
			seed = seed * 1664525 + 1013904223;
			text[(seed >> 8) % sizeof(text)] =
				i & 1 ? ";:[]*\n\t 0-9"[(seed >> 3) % 11] : (char)(seed >> 24);
		}
		parse_copy(text, sizeof(text) - 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format_fields),
		cmocka_unit_test(test_format_refuses),
		cmocka_unit_test(test_format_too_many_fields),
		cmocka_unit_test(test_format_cut_and_mutated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
