// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "tape/columns.h"

static void plain_split(const uint8_t *rows, size_t stride, size_t n, size_t len, uint8_t *columns)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < len; k++)
			columns[k * n + i] = rows[i * stride + k];
	}
}

static uint8_t *noise(size_t n)
{
	uint8_t *p = calloc(1, n + 1);
	uint32_t seed = 7;

	for (size_t i = 0; i < n; i++) {
		seed = seed * 1664525 + 1013904223;
		p[i] = (uint8_t)(seed >> 24);
	}
	return p;
}

/* Exact allocations, so that the sanitizer sees a byte too far. */
static void check_size(size_t n, size_t len, size_t stride)
{
	size_t bytes = n ? (n - 1) * stride + len : 0;
	uint8_t *rows = noise(bytes);
	uint8_t *columns = malloc(n * len + 1), *plain = malloc(n * len + 1);
	uint8_t *back = malloc(bytes + 1);

	memset(columns, 0x5a, n * len + 1);
	memset(back, 0xa5, bytes + 1);
	columns_split(rows, stride, n, len, columns);
	plain_split(rows, stride, n, len, plain);
	assert_memory_equal(columns, plain, n * len);
	assert_int_equal(columns[n * len], 0x5a);
	columns_join(columns, n, len, back, stride);
	for (size_t i = 0; i < n; i++) {
		assert_memory_equal(back + i * stride, rows + i * stride, len);
		/* What lies between rows is not ours. */
		for (size_t k = len; k < stride && i + 1 < n; k++)
			assert_int_equal(back[i * stride + k], 0xa5);
	}
	assert_int_equal(back[bytes], 0xa5);
	free(rows);
	free(columns);
	free(plain);
	free(back);
}

/* The bytes that are asked for, whatever becomes of the others. */
static void test_columns_gather(void **state)
{
	for (size_t len = 1; len <= 120; len++) {
		size_t n = 1 + len * 13 % 150;
		uint8_t *columns = noise(n * len), *rows = malloc(n * len), *all = malloc(n * len);
		struct column_set wanted = {0};

		column_set_add(&wanted, len * 7 % len, len % 5);
		column_set_add(&wanted, len / 2, len % 3 + 1);
		columns_join(columns, n, len, all, len);
		columns_gather(columns, n, len, &wanted, rows, len);
		for (size_t i = 0; i < n * len; i++) {
			if (column_set_has(&wanted, i % len))
				assert_int_equal(rows[i], all[i]);
		}
		free(columns);
		free(rows);
		free(all);
	}
}

static void test_columns_every_length(void **state)
{
	static const size_t ns[] = {0, 1, 7, 15, 16, 17, 31, 33, 63, 64, 65, 80, 127, 129, 300};

	for (size_t len = 1; len <= 200; len++) {
		for (size_t i = 0; i < sizeof(ns) / sizeof(ns[0]); i++)
			check_size(ns[i], len, len);
	}
}

static void test_columns_every_count(void **state)
{
	static const size_t lens[] = {1, 4, 8, 15, 16, 17, 33, 92, 130};

	for (size_t n = 0; n <= 300; n++) {
		for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
			check_size(n, lens[i], lens[i]);
	}
}

static void test_columns_odd_strides(void **state)
{
	for (size_t len = 1; len <= 40; len++) {
		for (size_t gap = 1; gap <= 9; gap += 2)
			check_size(len * 7 % 190, len, len + gap);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns_every_length),
		cmocka_unit_test(test_columns_gather),
		cmocka_unit_test(test_columns_every_count),
		cmocka_unit_test(test_columns_odd_strides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
