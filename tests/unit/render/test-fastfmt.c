// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "render/fastfmt.h"

static void test_numbers_are_those_of_printf(void **state)
{
	static const uint64_t values[] = {0, 9, 10, 99, 100, 12345, UINT32_MAX, UINT64_MAX};
	char got[FASTFMT_MAX], want[FASTFMT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		*fastfmt_u64(got, values[i]) = 0;
		snprintf(want, sizeof(want), "%llu", (unsigned long long)values[i]);
		assert_string_equal(got, want);
		*fastfmt_hex(got, values[i]) = 0;
		snprintf(want, sizeof(want), "0x%llx", (unsigned long long)values[i]);
		assert_string_equal(got, want);
		*fastfmt_i64(got, (int64_t)values[i]) = 0;
		snprintf(want, sizeof(want), "%lld", (long long)values[i]);
		assert_string_equal(got, want);
	}
	*fastfmt_fixed(got, 1005, 3) = 0;
	assert_string_equal(got, "1.005");
	*fastfmt_fixed(got, UINT64_MAX, 0) = 0;
	assert_string_equal(got, "18446744073709551615");
	*fastfmt_fixed(got, UINT64_MAX, 19) = 0;
	assert_string_equal(got, "1.8446744073709551615");
	*fastfmt_digits(got, 42, 4) = 0;
	assert_string_equal(got, "0042");
	*fastfmt_digits(got, 1234567, 4) = 0;
	assert_string_equal(got, "4567");
	*fastfmt_i64(got, INT64_MIN) = 0;
	assert_string_equal(got, "-9223372036854775808");
}

static void test_unsafe_bytes_at_every_place(void **state)
{
	for (int c = 0; c < 256; c++) {
		for (size_t at = 0; at < 20; at++) {
			struct text want CLEANUP(text_done) = {0}, got CLEANUP(text_done) = {0};
			char s[20];

			memset(s, 'x', sizeof(s));
			s[at] = (char)c;
			text_safe(&want, s, sizeof(s));
			fastfmt_safe(&got, s, sizeof(s));
			assert_int_equal(got.len, want.len);
			assert_memory_equal(got.data, want.data, want.len);
		}
	}
}

static void test_addresses_as_rfc5952_writes_them(void **state)
{
	static const uint8_t v4[] = {0, 10, 99, 255};
	static const uint8_t v6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
	static const uint8_t mapped[16] = {[10] = 0xff, 0xff, 192, 0, 2, 1};
	char got[FASTFMT_MAX];

	*fastfmt_addr(got, 4, v4) = 0;
	assert_string_equal(got, "0.10.99.255");
	*fastfmt_addr(got, 6, v6) = 0;
	assert_string_equal(got, "2001:db8::1");
	*fastfmt_addr(got, 6, mapped) = 0;
	assert_string_equal(got, "::ffff:192.0.2.1");
	*fastfmt_addr(got, 0, v4) = 0;
	assert_string_equal(got, "-");
	*fastfmt_endpoint(got, 4, v4, 65535) = 0;
	assert_string_equal(got, "0.10.99.255:65535");
	*fastfmt_endpoint(got, 6, v6, 443) = 0;
	assert_string_equal(got, "[2001:db8::1]:443");
	*fastfmt_endpoint(got, 0, NULL, 0) = 0;
	assert_string_equal(got, "-:-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_those_of_printf),
		cmocka_unit_test(test_unsafe_bytes_at_every_place),
		cmocka_unit_test(test_addresses_as_rfc5952_writes_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
