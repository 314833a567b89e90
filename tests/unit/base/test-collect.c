// SPDX-License-Identifier: MIT
/* fifo, groups and histogram: what views collect in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/fifo.h"
#include "base/groups.h"
#include "base/histogram.h"

static void test_fifo_keeps_order(void **state)
{
	struct fifo f = {.size = sizeof(uint32_t)};
	uint32_t in = 0, out = 0;

	/* Grows, shrinks, wraps around its memory. */
	for (unsigned int round = 0; round < 400; round++) {
		for (unsigned int i = 0; i < round % 37; i++, in++)
			assert_int_equal(fifo_push(&f, &in), 0);
		for (unsigned int i = 0; i < round % 31 && f.n; i++, out++) {
			assert_int_equal(*(uint32_t *)fifo_at(&f, 0), out);
			fifo_pop(&f);
		}
	}
	for (size_t i = 0; i < f.n; i++)
		assert_int_equal(*(uint32_t *)fifo_at(&f, i), out + i);
	assert_int_equal(f.n, in - out);
	fifo_done(&f);
}

struct item {
	uint64_t key;
	uint64_t count;
};

static int by_count(const void *a, const void *b)
{
	const struct item *x = *(struct item *const *)a, *y = *(struct item *const *)b;

	return x->count > y->count ? -1 : x->count < y->count;
}

static void test_groups_find_what_they_made(void **state)
{
	struct groups g = {.key_size = sizeof(uint64_t), .item_size = sizeof(struct item)};
	void **sorted;

	for (uint64_t i = 0; i < 1000; i++) {
		for (uint64_t k = 0; k <= i % 100; k++) {
			struct item *item = groups_get(&g, &k);

			assert_non_null(item);
			assert_int_equal(item->key, k);
			item->count++;
		}
	}
	assert_int_equal(g.n, 100);
	sorted = groups_sorted(&g, by_count);
	for (uint64_t i = 0; i < 100; i++) {
		assert_int_equal(((struct item *)sorted[i])->key, i);
		assert_int_equal(((struct item *)sorted[i])->count, (100 - i) * 10);
	}
	free(sorted);
	groups_done(&g);
}

static void test_groups_make_no_more_than_that(void **state)
{
	struct groups g = {.key_size = sizeof(uint64_t), .item_size = sizeof(struct item)};
	int r = 1;

	for (uint64_t k = 0; k < 3; k++) {
		struct item *item = groups_get_up_to(&g, &k, 2, &r);

		assert_int_equal(r, 0);
		assert_int_equal(item != NULL, k < 2);
	}
	assert_int_equal(g.n, 2);
	/* What is there is found, though there is no room. */
	assert_ptr_equal(groups_get_up_to(&g, &(uint64_t){1}, 2, &r),
			 groups_find(&g, &(uint64_t){1}));
	assert_non_null(groups_find(&g, &(uint64_t){1}));
	groups_done(&g);
}

static void test_histogram(void **state)
{
	struct histogram *h = calloc(1, sizeof(*h));

	assert_int_equal(histogram_permille(h, 500), 0);
	for (uint64_t i = 1; i <= 100000; i++)
		histogram_add(h, i);
	assert_int_equal(h->count, 100000);
	assert_int_equal(h->least, 1);
	assert_int_equal(h->greatest, 100000);
	assert_int_equal(histogram_mean(h), 50000);
	for (unsigned int p = 1; p <= 1000; p++) {
		uint64_t exact = p * 100ull, got = histogram_permille(h, p);

		assert_true(got >= exact && got <= exact + exact / 32);
	}
	assert_int_equal(histogram_between(h, 1, 2), 1);
	assert_int_equal(histogram_between(h, 1024, 4096), 3072);
	histogram_add(h, UINT64_MAX);
	assert_true(histogram_permille(h, 1000) == UINT64_MAX);
	free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fifo_keeps_order),
		cmocka_unit_test(test_groups_find_what_they_made),
		cmocka_unit_test(test_groups_make_no_more_than_that),
		cmocka_unit_test(test_histogram),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
