// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "tracepoint/print-fmt.h"

static const char head[] = "name: e\nID: 7\nformat:\n"
			   "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"
			   "\n"
			   "\tfield:unsigned long a;\toffset:8;\tsize:8;\tsigned:0;\n"
			   "\tfield:unsigned long ab;\toffset:16;\tsize:8;\tsigned:0;\n"
			   "\nprint fmt: ";

static const struct {
	const char *print;
	const char *a, *ab; /* 'p' shown as a pointer, 'd' in decimal; NULL: neither */
} cases[] = {
	{"\"%lu %ps\", REC->a, (void *)REC->ab\n", "d", "p"},
	{"\"%p %px\", ((void *)((unsigned long)(REC->a))), (void *) REC->ab", "p", "p"},
	{"\"100%% %-*d %.*s %pS\", REC->a, REC->a, 4, REC->text, (void *)REC->ab", "d", "p"},
	{"\"a, \\\"%u\" \" %lx\", REC->a, REC->ab", "d", NULL},
	{"\"%s %ld\", __print_symbolic(REC->a, { 1, \"x, %p\" }, { 2, \"y\" }), REC->ab", NULL,
	 "d"},
	{"\"%pI4 %pM\", &REC->a, (void *)REC->ab", NULL, NULL},
	{"\"%p %d\", &REC->a, ntohs(REC->ab)", NULL, NULL},
	{"\"%d %d\", REC->a ? REC->ab : 0, REC->ab + 1", NULL, NULL},
	{"\"%lu %lx\", REC->a, REC->a", NULL, NULL},
	{"\"%lx %lu\", REC->a, REC->a", NULL, NULL},
	{"\"%lu %p\", REC->a, (void *)REC->a", "p", NULL},
	{"\"%lu %lu\", REC->a", "d", NULL},
	{"\"%lu", NULL, NULL},
	{"\"%lu %", NULL, NULL},
	{"\"%lu\", REC->", NULL, NULL},
	{"\"%lu\", REC->abc", NULL, NULL},
	{"\"%lu\"\n\"%lu\", REC->a", NULL, NULL},
	{"", NULL, NULL},
};

static void expect(const struct trace_field *f, const char *how, const char *print)
{
	if (f->is_shown_as_pointer != (how && *how == 'p') ||
	    (f->is_shown_in_decimal && !f->is_shown_as_pointer) != (how && *how == 'd'))
		fail_msg("%s of %s", f->name, print);
}

static void test_print_fmt_tells_pointers_from_numbers(void **state)
{
	struct trace_format *f CLEANUP(free_p) = calloc(1, sizeof(*f));

	assert_non_null(f);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t len = strlen(head) + strlen(cases[i].print);
		/* As long as it is, so that the sanitizer sees every step beyond. */
		char *text CLEANUP(free_p) = malloc(len);

		assert_non_null(text);
		memcpy(text, head, strlen(head));
		memcpy(text + strlen(head), cases[i].print, strlen(cases[i].print));
		assert_int_equal(trace_format_parse(text, len, f, NULL), 0);
		print_fmt_read(text, len, f);
		expect(&f->fields[1], cases[i].a, cases[i].print);
		expect(&f->fields[2], cases[i].ab, cases[i].print);
	}
}

static void test_print_fmt_may_be_missing(void **state)
{
	struct trace_format *f CLEANUP(free_p) = calloc(1, sizeof(*f));

	assert_int_equal(trace_format_parse(head, strlen(head) - strlen("print fmt: "), f, NULL),
			 0);
	print_fmt_read(head, strlen(head) - strlen("print fmt: "), f);
	expect(&f->fields[1], NULL, "nothing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print_fmt_tells_pointers_from_numbers),
		cmocka_unit_test(test_print_fmt_may_be_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
