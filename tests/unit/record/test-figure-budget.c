// SPDX-License-Identifier: MIT
/* Tests of the budget of last figures: what is spent, saved up, owed, and when a pause ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "record/figure-budget.h"

#define START  (1000 * NSEC_PER_SEC)
#define KERNEL 4000u
#define OWN    1000u

/* Messages in a second that cost all of the budget. */
#define ALL (NSEC_PER_SEC / 1000000 * FIGURE_BUDGET_PPM / (KERNEL + OWN))

static struct figure_budget budget(void)
{
	struct figure_budget b;

	figure_budget_init(&b, KERNEL, START);
	return b;
}

static void spend(struct figure_budget *b, uint64_t now, uint64_t n)
{
	figure_budget_spend(b, now, n, n * OWN);
}

/* What was saved up is spent with the first burst; the kernel's part counts. */
static void test_budget_of_a_burst(void **state)
{
	struct figure_budget b = budget();
	uint64_t n = FIGURE_BUDGET_SAVED_NS / (KERNEL + OWN);

	spend(&b, START, n);
	assert_false(figure_budget_is_overdrawn(&b));
	spend(&b, START, 1);
	assert_true(figure_budget_is_overdrawn(&b));
}

static void test_budget_lasts_for_its_share(void **state)
{
	struct figure_budget b = budget();

	for (uint64_t i = 1; i < 1000; i++)
		spend(&b, START + i * NSEC_PER_SEC, ALL);
	assert_false(figure_budget_is_overdrawn(&b));
	for (uint64_t i = 0; i < 30; i++)
		spend(&b, START + (1000 + i) * NSEC_PER_SEC, 2 * ALL);
	assert_true(figure_budget_is_overdrawn(&b));
}

/* Debt is limited, so that one burst does not end all figures. */
static void test_budget_owes_no_more_than_its_limit(void **state)
{
	struct figure_budget b = budget();
	uint64_t whole = FIGURE_BUDGET_OWED_NS * 1000000 / FIGURE_BUDGET_PPM;

	spend(&b, START, 1000000);
	spend(&b, START + whole - NSEC_PER_MSEC, 0);
	assert_true(figure_budget_is_overdrawn(&b));
	spend(&b, START + whole + NSEC_PER_MSEC, 0);
	assert_false(figure_budget_is_overdrawn(&b));
}

static void test_budget_affords_half(void **state)
{
	struct figure_budget b = budget();

	spend(&b, START, 1);
	assert_true(figure_budget_affords(&b, ALL / 2, NSEC_PER_SEC));
	assert_false(figure_budget_affords(&b, ALL / 2 + 1, NSEC_PER_SEC));
	assert_false(figure_budget_affords(&b, ALL / 2, NSEC_PER_SEC / 2));
	assert_true(figure_budget_affords(&b, 0, 0));
}

/* The time at which a pause ends, if in each second n sockets are destroyed. 0: not in 200 s. */
static uint64_t pause_lasts(struct figure_budget *b, uint64_t from, uint64_t n)
{
	uint64_t destroyed = 0;

	figure_budget_pause(b, from, 0);
	for (uint64_t tenths = 1; tenths < 2000; tenths++) {
		uint64_t now = from + tenths * (NSEC_PER_SEC / 10);

		spend(b, now, 0);
		destroyed = tenths * n / 10;
		if (figure_budget_ends_pause(b, now, destroyed))
			return now - from;
	}
	return 0;
}

static void test_budget_pause_ends_when_it_is_calm(void **state)
{
	struct figure_budget b = budget();

	assert_true(pause_lasts(&b, START, ALL / 2) == FIGURE_BUDGET_CALM_NS);
	assert_false(b.is_paused);
	b = budget();
	assert_true(pause_lasts(&b, START, ALL) == 0);
	assert_true(b.is_paused);
}

/* What was spent too much is paid back first. */
static void test_budget_pause_lasts_while_it_is_overdrawn(void **state)
{
	struct figure_budget b = budget();
	uint64_t whole = FIGURE_BUDGET_OWED_NS * 1000000 / FIGURE_BUDGET_PPM;

	spend(&b, START, 1000000);
	assert_true(pause_lasts(&b, START, 0) >= whole);
}

/* A load that comes back as soon as its figures are asked for again, because no event shows it. */
static void test_budget_pauses_grow_where_they_follow_each_other(void **state)
{
	struct figure_budget b = budget();
	uint64_t now = START, last = 0;

	for (int i = 0; i < 10; i++) {
		last = pause_lasts(&b, now, 0);
		now += last + NSEC_PER_SEC;
	}
	assert_true(last == FIGURE_BUDGET_CALM_MAX_NS);
	/* After a long calm they are short again. */
	assert_true(pause_lasts(&b, now + 100 * NSEC_PER_SEC, 0) == FIGURE_BUDGET_CALM_NS);
}

/* A burst in the middle of a calm begins it anew. */
static void test_budget_calm_is_without_interruption(void **state)
{
	struct figure_budget b = budget();

	figure_budget_pause(&b, START, 0);
	assert_false(figure_budget_ends_pause(&b, START + NSEC_PER_SEC, 0));
	assert_false(figure_budget_ends_pause(&b, START + 2 * NSEC_PER_SEC - 1, 0));
	assert_false(figure_budget_ends_pause(&b, START + 2 * NSEC_PER_SEC, 10 * ALL));
	assert_false(figure_budget_ends_pause(&b, START + 3 * NSEC_PER_SEC, 10 * ALL));
	assert_true(figure_budget_ends_pause(&b, START + 4 * NSEC_PER_SEC, 10 * ALL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_budget_of_a_burst),
		cmocka_unit_test(test_budget_lasts_for_its_share),
		cmocka_unit_test(test_budget_owes_no_more_than_its_limit),
		cmocka_unit_test(test_budget_affords_half),
		cmocka_unit_test(test_budget_pause_ends_when_it_is_calm),
		cmocka_unit_test(test_budget_pause_lasts_while_it_is_overdrawn),
		cmocka_unit_test(test_budget_pauses_grow_where_they_follow_each_other),
		cmocka_unit_test(test_budget_calm_is_without_interruption),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
