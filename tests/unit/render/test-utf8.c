// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "render/utf8.h"

/* RFC 3629, section 3: the bytes of a character by its number. */
static size_t encode(uint32_t c, unsigned char ret[4])
{
	if (c < 0x80) {
		ret[0] = (unsigned char)c;
		return 1;
	}
	if (c < 0x800) {
		ret[0] = (unsigned char)(0xc0 | c >> 6);
		ret[1] = (unsigned char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		ret[0] = (unsigned char)(0xe0 | c >> 12);
		ret[1] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
		ret[2] = (unsigned char)(0x80 | (c & 0x3f));
		return 3;
	}
	ret[0] = (unsigned char)(0xf0 | c >> 18);
	ret[1] = (unsigned char)(0x80 | (c >> 12 & 0x3f));
	ret[2] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
	ret[3] = (unsigned char)(0x80 | (c & 0x3f));
	return 4;
}

/* Every number up to what four bytes can hold: surrogates and what is above U+10FFFF are none. */
static void test_every_character(void **state)
{
	for (uint32_t c = 0; c < 0x200000; c++) {
		bool is_character = c < 0xd800 || (c > 0xdfff && c < 0x110000);
		unsigned char s[4];
		size_t n = encode(c, s);

		assert_int_equal(utf8_len(s, n), is_character ? n : 0);
		if (n > 1)
			assert_int_equal(utf8_len(s, n - 1), 0);
	}
}

static void test_overlong_forms_are_none(void **state)
{
	static const char *const forms[] = {
		"\xc0\x80",	    "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf", "\x80",	"\xbf",		"\xff",		"\xc3\x28"};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		assert_int_equal(utf8_len((const unsigned char *)forms[i], strlen(forms[i])), 0);
}

/* The characters that Unicode calls C1 controls, bidirectional formatting (UAX 9), and line and
 * paragraph separators; and no others. */
static void test_invisible_characters(void **state)
{
	for (uint32_t c = 0x80; c < 0x10000; c++) {
		bool is_invisible = c < 0xa0 || c == 0x61c || c == 0x200e || c == 0x200f ||
				    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
		unsigned char s[4];
		size_t n = encode(c, s);

		if (utf8_len(s, n))
			assert_int_equal(utf8_is_invisible(s, n), is_invisible);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_character),
		cmocka_unit_test(test_overlong_forms_are_none),
		cmocka_unit_test(test_invisible_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
