// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "document/wrap.h"

static void expect(unsigned int width, unsigned int indent, const char *s, const char *want)
{
	struct text t CLEANUP(text_done) = {0};
	struct wrap w = {.text = &t, .width = width, .indent = indent};

	wrap_words(&w, s);
	wrap_end(&w);
	assert_string_equal(text_cstr(&t), want);
}

static void test_wrap_lines(void **state)
{
	expect(10, 0, "", "");
	expect(10, 0, "one two", "one two\n");
	expect(7, 0, "one two three", "one two\nthree\n");
	expect(6, 0, "one two three", "one\ntwo\nthree\n");
	expect(10, 3, "one two three", "   one two\n   three\n");
	expect(9, 3, "one two three", "   one\n   two\n   three\n");
}

static void test_wrap_blanks(void **state)
{
	expect(80, 0, "  one   two  ", "one two\n");
	expect(80, 3, "    ", "");
}

/* A word that is too long stands alone, whole. */
static void test_wrap_long_words(void **state)
{
	expect(5, 0, "a sevenletters b", "a\nsevenletters\nb\n");
	expect(5, 2, "sevenletters", "  sevenletters\n");
	expect(2, 3, "a b", "   a\n   b\n");
}

/* What is printed counts, not what was there. */
static void test_wrap_makes_harmless(void **state)
{
	expect(80, 0, "a\033[2Jb \n\t \xff", "a\\x1b[2Jb \\x0a\\x09 \\xff\n");
	expect(8, 0, "\001\002 \003", "\\x01\\x02\n\\x03\n");
	expect(12, 0, "\001\002 \003", "\\x01\\x02\n\\x03\n");
	expect(13, 0, "\001\002 \003", "\\x01\\x02 \\x03\n");
}

static void test_wrap_goes_on(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	struct wrap w = {.text = &t, .width = 12, .indent = 3};

	/* "1. " stands there already. */
	text_str(&t, "1. ");
	w.at = 3;
	wrap_words(&w, "one");
	wrap_words(&w, "two");
	wrap_words(&w, "three");
	wrap_end(&w);
	wrap_end(&w);
	assert_string_equal(text_cstr(&t), "1. one two\n   three\n");
}

/* A short label is padded up to the indent, as a table of two columns. */
static void test_wrap_behind_a_label(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	struct wrap w = {.text = &t, .width = 20, .indent = 8};

	text_str(&t, "host");
	w.at = 4;
	wrap_words(&w, "a.example and more");
	wrap_end(&w);
	assert_string_equal(text_cstr(&t), "host    a.example\n        and more\n");
}

/* Never wider, where words allow it. */
static void test_wrap_any_width(void **state)
{
	static const char words[] = "a bb ccc dddd eeeee a bb ccc dddd eeeee bb a ccc eeeee dddd";

	for (unsigned int width = 8; width < 70; width++) {
		struct text t CLEANUP(text_done) = {0};
		struct wrap w = {.text = &t, .width = width, .indent = 3};
		size_t at = 0, n_letters = 0;

		wrap_words(&w, words);
		wrap_end(&w);
		for (size_t i = 0; i < t.len; i++) {
			at = t.data[i] == '\n' ? 0 : at + 1;
			n_letters += t.data[i] > ' ';
			assert_true(at <= width);
			assert_false(t.data[i] == '\n' && t.data[i - 1] == ' ');
		}
		assert_int_equal(n_letters, 45);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrap_lines),	cmocka_unit_test(test_wrap_blanks),
		cmocka_unit_test(test_wrap_long_words), cmocka_unit_test(test_wrap_makes_harmless),
		cmocka_unit_test(test_wrap_goes_on),	cmocka_unit_test(test_wrap_behind_a_label),
		cmocka_unit_test(test_wrap_any_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
