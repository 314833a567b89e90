// SPDX-License-Identifier: MIT
/* Tests of heap: whatever is put in comes out in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/heap.h"

#define ITEMS_MAX 300

struct item {
	uint32_t key;
	uint32_t place;
	char more[9]; /* a size that is no power of two */
};

static bool item_before(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return x->key != y->key ? x->key < y->key : x->place < y->place;
}

static const struct heap_kind kind = {.size = sizeof(struct item), .before = item_before};

static struct item item_of(uint32_t key, uint32_t place)
{
	return (struct item){.key = key, .place = place, .more = {(char)key}};
}

/* Few different keys, so that many are equal: those come out as they were put in. */
static void test_heap_gives_items_in_order(void **state)
{
	struct item items[ITEMS_MAX];

	for (size_t count = 0; count <= ITEMS_MAX; count += 1 + count / 7) {
		struct item last = {0};
		size_t n = 0;

		for (uint32_t i = 0; i < count; i++) {
			struct item item = item_of(i * 7919 % 41, i);

			heap_push(&kind, items, n++, &item);
		}
		for (size_t i = 0; i < count; i++) {
			struct item first = items[0];

			assert_true(!i || item_before(&last, &first));
			assert_int_equal(first.more[0], (char)first.key);
			last = first;
			heap_pop(&kind, items, n--);
		}
	}
}

/* The greatest ones of many are kept by replacing the least one. */
static void test_heap_replaces_the_first(void **state)
{
	enum { KEPT = 50, OFFERED = 1000 };
	struct item items[KEPT];
	bool seen[OFFERED] = {false};
	size_t n = 0;

	for (uint32_t i = 0; i < OFFERED; i++) {
		struct item item = item_of(i * 387 % OFFERED, i);

		if (n < KEPT)
			heap_push(&kind, items, n++, &item);
		else if (item_before(&items[0], &item))
			heap_replace(&kind, items, n, &item);
	}
	for (size_t i = 0; i < KEPT; i++) {
		assert_true(items[i].key >= OFFERED - KEPT);
		assert_false(seen[items[i].key]);
		seen[items[i].key] = true;
	}
}

static void test_heap_of_one(void **state)
{
	struct item items[1], item = item_of(3, 0), other = item_of(9, 1);

	heap_push(&kind, items, 0, &item);
	heap_replace(&kind, items, 1, &other);
	assert_int_equal(items[0].key, 9);
	heap_pop(&kind, items, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heap_gives_items_in_order),
		cmocka_unit_test(test_heap_replaces_the_first),
		cmocka_unit_test(test_heap_of_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
