// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "render/json-cell.h"
#include "render/json-writer.h"

static void test_json_strings_are_always_utf8(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"\xc3\xa9", "\"\xc3\xa9\""},
		{"\xc3", "\"\\ufffd\""},
		{"\xc2\x9b\xc2\xa0", "\"\\u009b\xc2\xa0\""},
		{"\xe2\x80\xae\xe2\x81\xa6\xe2\x80\xa2", "\"\\u202e\\u2066\xe2\x80\xa2\""},
		{"\xc0\x80", "\"\\ufffd\\ufffd\""},
		{"\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
		{"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""},
		{"\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""},
		{"a\n\\\x01\x7f", "\"a\\n\\\\\\u0001\\u007f\""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text t CLEANUP(text_done) = {0};
		struct json_writer w = json_writer_to(&t);

		json_cstr(&w, cases[i].in);
		assert_string_equal(text_cstr(&t), cases[i].out);
	}
}

/* Every byte that must be escaped is found wherever it stands in a string of any length. */
static void test_each_byte_at_each_place(void **state)
{
	for (size_t n = 1; n < 20; n++) {
		for (size_t at = 0; at < n; at++) {
			for (unsigned int byte = 0; byte < 256; byte++) {
				struct text t CLEANUP(text_done) = {0};
				struct json_writer w = json_writer_to(&t);
				bool is_plain =
					byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
				char s[20];

				memset(s, 'a', n);
				s[at] = (char)byte;
				json_str(&w, s, n);
				assert_int_equal(t.len == n + 2, is_plain);
				assert_true(!is_plain || !memcmp(t.data + 1, s, n));
				assert_true(t.data[0] == '"' && t.data[t.len - 1] == '"');
			}
		}
	}
}

static void test_commas_stand_between_values(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	struct json_writer w = json_writer_to(&t);

	json_open(&w, '{');
	json_key(&w, "a");
	json_open(&w, '[');
	json_u64(&w, UINT64_MAX);
	json_open(&w, '{');
	json_close(&w, '}');
	json_bool(&w, false);
	json_close(&w, ']');
	json_key(&w, "b\"");
	json_verbatim(&w, "1.5", 3);
	json_key(&w, "c");
	json_str(&w, "x\0y", 3);
	json_close(&w, '}');
	assert_string_equal(text_cstr(&t), "{\"a\":[18446744073709551615,{},false],\"b\\\"\":1.5,"
					   "\"c\":\"x\\u0000y\"}");
}

static void expect_member(const struct cell *cell, const char *want)
{
	const struct column column = {.key = "k", .decimals = 3};
	const struct render_options o = {.time = RENDER_TIME_UTC};
	struct timestamp timestamp = timestamp_for_data(&o);
	struct text t CLEANUP(text_done) = {0};
	struct json_writer w = json_writer_to(&t);

	json_cell(&w, "k", &column, cell, &timestamp);
	assert_string_equal(text_cstr(&t), want);
}

/* An unknown value has no key: it is neither null nor zero. */
static void test_members(void **state)
{
	static const uint8_t address[] = {192, 0, 2, 1};
	const char *const list[] = {"a", NULL};
	struct cell cell = cell_u64(7);

	expect_member(&cell, "\"k\":7");
	cell = cell_i64(-7);
	expect_member(&cell, "\"k\":-7");
	cell = cell_fixed(1500);
	expect_member(&cell, "\"k\":1.500");
	cell = cell_hex(0xbeef);
	expect_member(&cell, "\"k\":\"0xbeef\"");
	cell = cell_list(list, 2);
	expect_member(&cell, "\"k\":[\"a\",\"?\"]");
	cell = (struct cell){.kind = CELL_ADDR, .family = 4, .addr = address};
	expect_member(&cell, "\"k\":\"192.0.2.1\"");
	cell.family = 0;
	expect_member(&cell, "");
	cell = cell_absent();
	expect_member(&cell, "");
	cell = cell_time(1);
	expect_member(&cell, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_strings_are_always_utf8),
		cmocka_unit_test(test_each_byte_at_each_place),
		cmocka_unit_test(test_commas_stand_between_values),
		cmocka_unit_test(test_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
