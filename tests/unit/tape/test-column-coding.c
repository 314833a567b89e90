// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "tape/column-coding.h"

#define LEN 8u

/* Columns: 0 noise, 1 constant, 2 = 0, 3 = 0 + 7, 4 = 0 + one bit of noise, 5 counts up by noise
 * every second row, 6 zero, 7 = 0. */
static uint8_t *columns_of(size_t n)
{
	uint8_t *columns = malloc(n * LEN);
	uint32_t seed = 7;

	for (size_t i = 0; i < n; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 17;
		seed ^= seed << 5;
		columns[0 * n + i] = (uint8_t)(seed >> 24);
		columns[1 * n + i] = 42;
		columns[2 * n + i] = columns[i];
		columns[3 * n + i] = (uint8_t)(columns[i] + 7);
		columns[4 * n + i] = (uint8_t)(columns[i] + (seed >> 9 & 1));
		columns[5 * n + i] =
			(uint8_t)((seed >> 9 & 1) + (i < 2 ? i * 99 : columns[5 * n + i - 2]));
		columns[6 * n + i] = 0;
		columns[7 * n + i] = columns[i];
	}
	return columns;
}

static struct packer *packer_of(void)
{
	struct packer *packer = NULL;

	assert_int_equal(packer_new(1, &packer, NULL), 0);
	return packer;
}

static void check_undo(const uint8_t *codes, const uint8_t *stored, const uint8_t *truth, size_t n)
{
	struct chunk_layout c = {
		.n_rows = (uint32_t)n, .row_len = LEN, .codes = codes, .columns = stored};
	uint8_t *back = malloc(n * LEN);

	columns_decode(&c, NULL, back);
	assert_memory_equal(back, truth, n * LEN);
	/* One column alone, with whatever it takes. */
	for (size_t k = 0; k < LEN; k++) {
		struct column_set wanted = {0};

		column_set_add(&wanted, k, 1);
		memset(back, 0x5a, n * LEN);
		columns_decode(&c, &wanted, back);
		assert_memory_equal(back + k * n, truth + k * n, n);
	}
	free(back);
}

static void test_columns_encode_drops_what_is_redundant(void **state)
{
	static const uint16_t wanted[LEN] = {
		0, CHUNK_COLUMN_CONST,	 CHUNK_COLUMN_CONST | 1, CHUNK_COLUMN_CONST | 1,
		1, CHUNK_COLUMN_LAG | 2, CHUNK_COLUMN_CONST,	 CHUNK_COLUMN_CONST | 1,
	};
	struct column_plan *p CLEANUP(free_p) = column_plan_new(LEN);
	struct packer *packer CLEANUP(packer_free_p) = packer_of();
	uint8_t codes[LEN * CHUNK_CODE_LEN];
	size_t n = 5000;
	uint8_t *truth CLEANUP(free_p) = columns_of(n), *columns CLEANUP(free_p) = columns_of(n);

	column_plan_learn(p, packer, columns, n);
	assert_int_equal(columns_encode(p, columns, n, codes), 3 * n + 5);
	for (size_t k = 0; k < LEN; k++)
		assert_int_equal(le16_get(codes + k * 2), wanted[k]);
	check_undo(codes, columns, truth, n);
}

/* A plan that was learned from other rows is as right as any. */
static void test_columns_encode_with_a_plan_that_does_not_fit(void **state)
{
	struct column_plan *p CLEANUP(free_p) = column_plan_new(LEN);
	struct packer *packer CLEANUP(packer_free_p) = packer_of();
	uint8_t codes[LEN * CHUNK_CODE_LEN];
	uint8_t *learned CLEANUP(free_p) = columns_of(300);

	column_plan_learn(p, packer, learned, 300);
	for (size_t n = 1; n < 70; n++) {
		uint8_t truth[LEN * 70], columns[LEN * 70];

		for (size_t i = 0; i < n * LEN; i++)
			truth[i] = (uint8_t)(i / n == 5 ? 9 : i * i * n >> 3);
		memcpy(columns, truth, n * LEN);
		columns_encode(p, columns, n, codes);
		check_undo(codes, columns, truth, n);
	}
}

#define WIDE_LEN 100u

/* A wanted column needs the column that it is a difference to, wherever that stands. */
static void test_columns_decode_finds_far_bases(void **state)
{
	uint8_t codes[WIDE_LEN * CHUNK_CODE_LEN] = {0}, stored[WIDE_LEN * 2], back[WIDE_LEN * 2];
	struct chunk_layout c = {
		.n_rows = 2, .row_len = WIDE_LEN, .codes = codes, .columns = stored};
	static const uint8_t near_end[] = {15, 27}, near_start[] = {115, 127};
	struct column_set wanted = {0};

	for (size_t i = 0; i < sizeof(stored); i++)
		stored[i] = (uint8_t)(i % 2 ? 20 : 10);
	stored[98 * 2] = 5;
	stored[98 * 2 + 1] = 7;
	stored[3 * 2] = 105;
	stored[3 * 2 + 1] = 107;
	/* Column 98 is a difference to column 1, and column 3 one to column 97. */
	le16_put(codes + 98 * CHUNK_CODE_LEN, 1 + 1);
	le16_put(codes + 3 * CHUNK_CODE_LEN, 97 + 1);
	column_set_add(&wanted, 98, 1);
	memset(back, 0x5a, sizeof(back));
	columns_decode(&c, &wanted, back);
	assert_memory_equal(back + 98 * 2, near_end, 2);
	wanted = (struct column_set){0};
	column_set_add(&wanted, 3, 1);
	memset(back, 0x5a, sizeof(back));
	columns_decode(&c, &wanted, back);
	assert_memory_equal(back + 3 * 2, near_start, 2);
}

static void test_columns_decode_what_other_writers_encode(void **state)
{
	static const uint8_t stored[] = {1, 2, 3, 5, 10, 20, 30, 1, 2, 255};
	uint8_t codes[] = {3, 0, 3, 0x80, 0, 0, 1, 0x40};
	struct chunk_layout c = {.n_rows = 3, .row_len = 4, .codes = codes, .columns = stored};
	uint8_t back[12];

	columns_decode(&c, NULL, back);
	assert_memory_equal(back, "\x0b\x16\x21\x0f\x19\x23\x0a\x14\x1e\x01\x03\x02", 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns_encode_drops_what_is_redundant),
		cmocka_unit_test(test_columns_encode_with_a_plan_that_does_not_fit),
		cmocka_unit_test(test_columns_decode_finds_far_bases),
		cmocka_unit_test(test_columns_decode_what_other_writers_encode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
