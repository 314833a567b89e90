// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/shell-word.h"

static void test_words_in_quotes(void **state)
{
	static const struct {
		const char *path, *want;
	} cases[] = {
		{"incident.tape", "incident.tape"},
		{"/var/tmp/a-b_c@1,2:3+4%5=6.tape", "/var/tmp/a-b_c@1,2:3+4%5=6.tape"},
		{"a tape", "'a tape'"},
		{"it's", "'it'\\''s'"},
		{"$(touch owned)", "'$(touch owned)'"},
		{"a\nb", "'a\nb'"},
		{"~", "'~'"},
		{"-x", "./'-x'"},
		{"", "''"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct arena arena CLEANUP(arena_done) = {0};

		assert_string_equal(shell_word_of_path(cases[i].path, &arena), cases[i].want);
	}
}

/* The judge is a shell: it must make the same word of it. */
static void test_a_shell_reads_the_word_back(void **state)
{
	for (int c = 1; c < 256; c++) {
		struct arena arena CLEANUP(arena_done) = {0};
		char path[] = {'a', (char)c, 'b', 0}, command[64], got[64] = "";
		const char *word = shell_word_of_path(path, &arena);
		FILE *f;

		assert_true((size_t)snprintf(command, sizeof(command), "printf %%s %s", word) <
			    sizeof(command));
		f = popen(command, "r");
		assert_non_null(f);
		got[fread(got, 1, sizeof(got) - 1, f)] = 0;
		assert_int_equal(pclose(f), 0);
		assert_string_equal(got, path);
	}
}

static void test_plain_words(void **state)
{
	assert_true(shell_words_are_plain("--rport 80,443 -4"));
	assert_false(shell_words_are_plain(""));
	assert_false(shell_words_are_plain("--comm a;b"));
	assert_false(shell_words_are_plain("--comm $HOME"));
	assert_false(shell_words_are_plain("a\tb"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_in_quotes),
		cmocka_unit_test(test_a_shell_reads_the_word_back),
		cmocka_unit_test(test_plain_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
