// SPDX-License-Identifier: MIT
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tcp/filter-options.h"

/* What is written onto a tape comes back the same. */
static void test_filter_words_come_back(void **state)
{
	static const char *const lines[] = {
		"",
		"--port 80,443",
		"--lport 1 --rport 65535",
		"--addr 10.0.0.0/8,2001:db8::/32 -4",
		"--port 80 --addr 192.0.2.1/32 -6 --pid 1,22 --comm nginx,Web Content",
		"--comm a\\,b,c\\\\,d",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct arena arena = {0};
		struct event_filter f;
		struct text t = {0};

		assert_int_equal(filter_parse(lines[i], &arena, &f), 0);
		filter_text(&f, &t);
		assert_string_equal(t.len ? text_cstr(&t) : "", lines[i]);
		text_done(&t);
		arena_done(&arena);
	}
}

static void test_filter_hostile_words(void **state)
{
	static const char *const lines[] = {
		"--port",
		"--port x",
		"port 80",
		"--addr 10.0.0.0/99",
		"-9",
		"--pid -1",
		"--port 80 --x",
		"-4 -6",
		"--port 80,,",
		"--",
		"--port 123456",
		"\xff\xfe",
		"- -",
		"--comm",
		" ",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct arena arena = {0};
		struct event_filter f;

		assert_int_equal(filter_parse(lines[i], &arena, &f), -EINVAL);
		arena_done(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filter_words_come_back),
		cmocka_unit_test(test_filter_hostile_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
