// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "format/counter-values.h"
#include "format/layout.h"

static const struct counter_value values[] = {
	{0, 0},		{1, -1},
	{2, 1},		{130, 63},
	{131, 64},	{132, -64},
	{133, -65},	{60000, INT64_MAX},
	{60001, -2},	{60002, INT64_MIN},
	{65535, 12345},
};

static void test_counter_values_round_trip(void **state)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct counter_value v;
	struct cursor c;
	uint32_t next = 0;

	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		assert_int_equal(counter_value_encode(&b, &next, &values[i]), 0);
	c = cursor_of(b.data, b.len);
	next = 0;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		assert_int_equal(counter_value_decode(&c, &next, &v), 1);
		assert_int_equal(v.counter, values[i].counter);
		assert_true(v.value == values[i].value);
	}
	assert_int_equal(counter_value_decode(&c, &next, &v), 0);
}

/* A small change of the next counter takes two bytes. */
static void test_counter_value_bytes(void **state)
{
	static const uint8_t expected[] = {0, 2, 0, 1, 1, 0x80, 1};
	struct buffer b CLEANUP(buffer_done) = {0};
	uint32_t next = 0;

	assert_int_equal(counter_value_encode(&b, &next, &(struct counter_value){0, 1}), 0);
	assert_int_equal(counter_value_encode(&b, &next, &(struct counter_value){1, -1}), 0);
	assert_int_equal(counter_value_encode(&b, &next, &(struct counter_value){3, 64}), 0);
	assert_int_equal(b.len, sizeof(expected));
	assert_memory_equal(b.data, expected, sizeof(expected));
}

static int decode_one(const char *bytes, size_t n, uint32_t next)
{
	struct cursor c = cursor_of(bytes, n);
	struct counter_value v;

	return counter_value_decode(&c, &next, &v);
}

static void test_counter_value_refuses(void **state)
{
	/* The last number is TAPE_COUNTERS_MAX - 1. */
	assert_int_equal(decode_one("\xff\xff\x03\0", 4, 0), 1);
	assert_int_equal(decode_one("\x80\x80\x04\0", 4, 0), -EBADMSG);
	assert_int_equal(decode_one("\xfe\xff\x03\0", 4, 1), 1);
	assert_int_equal(decode_one("\xff\xff\x03\0", 4, 1), -EBADMSG);
	assert_int_equal(decode_one("\0\0", 2, TAPE_COUNTERS_MAX), -EBADMSG);
	/* Cut, and too long. */
	assert_int_equal(decode_one("\0", 1, 0), -EBADMSG);
	assert_int_equal(decode_one("\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, 0), 1);
	assert_int_equal(decode_one("\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11, 0), -EBADMSG);
	assert_int_equal(decode_one("\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\0", 12, 0),
			 -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counter_values_round_trip),
		cmocka_unit_test(test_counter_value_bytes),
		cmocka_unit_test(test_counter_value_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
