// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/bytes.h"
#include "base/fault.h"
#include "base/map.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/units.h"
#include "base/walltime.h"

static void test_fault_first_writer_wins(void **state)
{
	struct fault f = FAULT_INIT;

	assert_int_equal(fault_set(&f, -EINVAL, "one %d\n", 1), -EINVAL);
	assert_int_equal(fault_set(&f, -ENOMEM, "two"), -ENOMEM);
	assert_int_equal(f.code, -EINVAL);
	assert_string_equal(f.text, "one 1 ");
	assert_int_equal(fault_errno(NULL, -ENOENT, "x"), -ENOENT);
}

static void test_cursor_never_reads_past_the_end(void **state)
{
	uint8_t raw[] = {1, 2, 3, 4, 5};
	struct cursor c = cursor_of(raw, sizeof(raw));

	assert_int_equal(cursor_le32(&c), 0x04030201);
	assert_int_equal(cursor_le16(&c), 0);
	assert_true(c.bad);
	assert_int_equal(cursor_u8(&c), 0);
	c = cursor_of("ab\0cd", 5);
	assert_string_equal(cursor_str(&c), "ab");
	assert_null(cursor_str(&c));
	assert_true(c.bad);
}

static void test_map_against_a_plain_array(void **state)
{
	enum { KEYS = 512 };
	uint64_t values[KEYS] = {0};
	bool there[KEYS] = {0};
	struct map m = {0};
	uint32_t seed = 1;
	size_t n = 0, pos = 0, seen = 0;
	uint64_t k, v;

	for (int i = 0; i < 200000; i++) {
		unsigned int key, op;

		seed = seed * 1664525 + 1013904223;
		key = (seed >> 8) % KEYS;
		op = (seed >> 28) % 3;
		if (op == 2) {
			assert_int_equal(map_del(&m, key), there[key]);
			n -= there[key];
			there[key] = false;
		} else {
			bool is_new;
			uint64_t *place = map_put(&m, key, &is_new);

			assert_non_null(place);
			assert_int_equal(is_new, !there[key]);
			n += !there[key];
			there[key] = true;
			values[key] = *place = seed;
		}
		assert_int_equal(map_count(&m), n);
	}
	for (unsigned int key = 0; key < KEYS; key++) {
		uint64_t *place = map_get(&m, key);

		assert_int_equal(place != NULL, there[key]);
		if (place)
			assert_int_equal(*place, values[key]);
	}
	while (map_next(&m, &pos, &k, &v)) {
		assert_true(there[k]);
		assert_int_equal(v, values[k]);
		seen++;
	}
	assert_int_equal(seen, n);
	map_done(&m);
}

static void test_text_numbers(void **state)
{
	struct text t = {0};

	text_u64(&t, UINT64_MAX);
	text_char(&t, ' ');
	text_i64(&t, INT64_MIN);
	text_char(&t, ' ');
	text_fixed(&t, 12005, 3);
	text_char(&t, ' ');
	text_hex(&t, 0xdeadbeef);
	text_char(&t, ' ');
	text_safe(&t, "a\033[1m\xff", 6);
	assert_string_equal(text_cstr(&t), "18446744073709551615 -9223372036854775808 12.005 "
					   "deadbeef a\\x1b[1m\\xff");
	text_done(&t);
}

static void test_units(void **state)
{
	struct text t = {0};
	uint64_t v;

	assert_int_equal(units_parse_duration("1.5s", &v), 0);
	assert_int_equal(v, 1500000000);
	assert_int_equal(units_parse_duration("10m", &v), 0);
	assert_int_equal(v, 600 * NSEC_PER_SEC);
	for (const char **bad = (const char *[]){"", "-1", "x", "1x", "0x10", "inf", "1e99", "1e3s",
						 "1E3", "1.5e0s", ".", NULL};
	     *bad; bad++)
		assert_int_equal(units_parse_duration(*bad, &v), -EINVAL);
	assert_int_equal(units_parse_size("8M", &v), 0);
	assert_int_equal(v, 8 << 20);
	units_count(&t, 1234567);
	text_char(&t, ' ');
	units_size(&t, 4404019);
	text_char(&t, ' ');
	units_duration(&t, 3723 * NSEC_PER_SEC);
	assert_string_equal(text_cstr(&t), "1,234,567 4.2 MiB 1h 02m 03s");
	text_done(&t);
}

static void test_walltime(void **state)
{
	struct text t = {0};
	int64_t ns;

	walltime_rfc3339(&t, 1763720527123456789LL);
	assert_string_equal(text_cstr(&t), "2025-11-21T10:22:07.123456789Z");
	assert_int_equal(walltime_parse("2025-11-21T10:22:07.123456789Z", 0, false, &ns), 0);
	assert_int_equal(ns, 1763720527123456789LL);
	assert_int_equal(walltime_parse("2025-11-21T12:22:07.5+02:00", 0, false, &ns), 0);
	assert_int_equal(ns, 1763720527500000000LL);
	/* A leap second is a time: the clock of the kernel shows the second after it. */
	assert_int_equal(walltime_parse("2016-12-31T23:59:60Z", 0, false, &ns), 0);
	assert_int_equal(ns, 1483228800000000000LL);
	assert_int_equal(walltime_parse("10:23", 1763720527123456789LL, true, &ns), 0);
	assert_int_equal(ns, 1763720580000000000LL);
	for (const char **bad =
		     (const char *[]){"", "25:00", "10", "10:2", "10:20x", "2025-13-01T10:00",
				      "2025-01-01", "1013-11-21T10:32", NULL};
	     *bad; bad++)
		assert_int_equal(walltime_parse(*bad, 0, true, &ns), -EINVAL);
	text_done(&t);
}

static void test_nearest(void **state)
{
	struct suggestion n = suggest_start("retarns");

	suggest_offer(&n, "replay");
	suggest_offer(&n, "retrans");
	assert_string_equal(n.best, "retrans");
	n = suggest_start("zzz");
	suggest_offer(&n, "replay");
	assert_null(n.best);
}

static void test_arena_and_buffer(void **state)
{
	struct arena a = {0};
	struct buffer b = {0};

	for (size_t i = 1; i < 300000; i *= 3) {
		uint8_t *p = arena_alloc(&a, i);

		assert_non_null(p);
		for (size_t k = 0; k < i; k++) {
			assert_int_equal(p[k], 0);
			p[k] = 0xff;
		}
		assert_int_equal((uintptr_t)p % 16, 0);
	}
	assert_string_equal(arena_str(&a, "hello"), "hello");
	arena_done(&a);
	assert_int_equal(buffer_append(&b, "\1\2\3\4", 4), 0);
	assert_int_equal(buffer_append_u8(&b, 'x'), 0);
	assert_memory_equal(b.data, "\1\2\3\4x", 5);
	assert_int_equal(buffer_reserve(&b, SIZE_MAX / 2), -ENOMEM);
	buffer_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fault_first_writer_wins),
		cmocka_unit_test(test_cursor_never_reads_past_the_end),
		cmocka_unit_test(test_map_against_a_plain_array),
		cmocka_unit_test(test_text_numbers),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_walltime),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_arena_and_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
