// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/suggest.h"

/* What is suggested for the word if there is only this candidate. */
static bool is_near(const char *word, const char *candidate)
{
	struct suggestion s = suggest_start(word);

	suggest_offer(&s, candidate);
	return s.best != NULL;
}

/* One letter may always be wrong, and of three letters another one. */
static void test_how_far_is_near(void **state)
{
	assert_true(is_near("ab", "ax"));
	assert_false(is_near("ab", "xy"));
	assert_true(is_near("abc", "axy"));
	assert_false(is_near("abc", "xyz"));
	/* A letter too much, one that is missing. */
	assert_true(is_near("ab", "axb"));
	assert_true(is_near("ab", "b"));
	assert_false(is_near("ab", "axbx"));
}

/* Two letters in the wrong order are one fault, at any place. */
static void test_swapped_letters(void **state)
{
	assert_true(is_near("ba", "ab"));
	assert_true(is_near("rowing", "orwing"));
	assert_true(is_near("badc", "abcd"));
	assert_false(is_near("badcfe", "abcdefxx"));
	assert_false(is_near("xy", "zxw"));
}

/* The beginning of a long word is near if it has three letters. */
static void test_beginnings(void **state)
{
	assert_true(is_near("ret", "retransmissions"));
	assert_false(is_near("re", "retransmissions"));
	assert_false(is_near("ret", "transmissions"));
}

/* Words of more than 63 letters are near to none, nor does their end come into it. */
static void test_long_words(void **state)
{
	char word[80], other[80];

	memset(word, 'a', sizeof(word));
	memset(other, 'a', sizeof(other));
	word[63] = other[63] = 0;
	other[5] = 'b';
	assert_true(is_near(word, other));
	word[63] = 'a';
	word[64] = 0;
	other[63] = 0;
	assert_false(is_near(word, other));
	assert_false(is_near(other, word));
}

static void test_the_nearest_and_first_is_chosen(void **state)
{
	struct suggestion s = suggest_start("abcdef");

	suggest_offer(&s, "abxxef");
	suggest_offer(&s, "abcxef");
	suggest_offer(&s, "xbcdef");
	suggest_offer(&s, "abxxef");
	assert_string_equal(s.best, "abcxef");
}

static void test_choices(void **state)
{
	static const char *const words[] = {"text", "json", "csv"};
	struct fault fault = FAULT_INIT;

	assert_int_equal(suggest_choose("format", "csv", words, 3, &fault), 2);
	assert_int_equal(suggest_choose("format", "jsno", words, 3, &fault), -EINVAL);
	assert_non_null(strstr(fault.text, "unknown format jsno: did you mean json?"));
	fault = (struct fault)FAULT_INIT;
	assert_int_equal(suggest_choose("format", "qqqq", words, 3, &fault), -EINVAL);
	assert_non_null(strstr(fault.text, "unknown format qqqq: there are text, json, csv"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_how_far_is_near),
		cmocka_unit_test(test_swapped_letters),
		cmocka_unit_test(test_beginnings),
		cmocka_unit_test(test_long_words),
		cmocka_unit_test(test_the_nearest_and_first_is_chosen),
		cmocka_unit_test(test_choices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
