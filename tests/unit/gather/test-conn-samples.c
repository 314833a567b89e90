// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "gather/conn-samples.h"

#define KNOWN(q) (1u << (q))

static void add(struct conn_samples *s, struct conn_samples_room *room, uint64_t ts_ns,
		uint32_t cwnd)
{
	const struct conn_sample sample = {
		.ts_ns = ts_ns, .known = KNOWN(CONN_CWND), .values = {[CONN_CWND] = cwnd}};

	assert_int_equal(conn_samples_add(s, room, &sample), 0);
}

static void test_samples_are_kept_one_by_one_while_there_is_room(void **state)
{
	struct conn_samples_room room = {.each = 64, .max = 1000};
	struct conn_samples s = {0};

	for (uint32_t i = 0; i < 64; i++)
		add(&s, &room, i, 100 + i);
	assert_int_equal(s.n, 64);
	for (uint32_t i = 0; i < 64; i++) {
		assert_int_equal(s.slots[i].from_ns, i);
		assert_int_equal(s.slots[i].until_ns, i);
		assert_int_equal(s.slots[i].n, 1);
		assert_int_equal(s.slots[i].ranges[CONN_CWND].last, 100 + i);
		assert_int_equal(s.slots[i].known, KNOWN(CONN_CWND));
	}
	conn_samples_done(&s, &room);
	assert_int_equal(room.used, 0);
}

static void test_samples_become_coarser_and_cover_the_whole_life(void **state)
{
	struct conn_samples_room room = {.each = 16, .max = 1000};
	struct conn_samples s = {0};
	uint64_t n = 0;

	for (uint32_t i = 0; i < 10000; i++)
		add(&s, &room, i, i == 5000 ? 1 : i == 7000 ? 90000 : 10 + i % 7);
	assert_in_range(s.n, 8, 16);
	assert_int_equal(s.slots[0].from_ns, 0);
	assert_int_equal(s.slots[s.n - 1].until_ns, 9999);
	for (size_t i = 0; i < s.n; i++) {
		const struct conn_sample_range *r = &s.slots[i].ranges[CONN_CWND];

		n += s.slots[i].n;
		assert_true(!i || s.slots[i - 1].until_ns < s.slots[i].from_ns);
		/* What lasted for one sample only is still seen. */
		if (s.slots[i].from_ns <= 5000 && s.slots[i].until_ns >= 5000)
			assert_int_equal(r->least, 1);
		else
			assert_true(r->least >= 10);
		if (s.slots[i].from_ns <= 7000 && s.slots[i].until_ns >= 7000)
			assert_int_equal(r->most, 90000);
		else
			assert_true(r->most <= 16);
		if (s.slots[i].until_ns != 5000 && s.slots[i].until_ns != 7000)
			assert_int_equal(r->last, 10 + s.slots[i].until_ns % 7);
	}
	assert_int_equal(n, 10000);
	assert_int_equal(s.n_samples, 10000);
	conn_samples_done(&s, &room);
}

/* Rows of a tape that a stranger made may be out of order: samples are not. */
static void test_samples_that_come_too_late(void **state)
{
	struct conn_samples_room room = {.each = 64, .max = 1000};
	struct conn_samples s = {0};

	add(&s, &room, 7, 1);
	add(&s, &room, 5, 2);
	assert_int_equal(s.slots[1].from_ns, 7);
	assert_int_equal(s.slots[1].until_ns, 7);
	conn_samples_done(&s, &room);
}

/* A quantity that one of two samples lacks has the values of the other. */
static void test_samples_unknown_is_not_zero(void **state)
{
	struct conn_samples_room room = {.each = 2, .max = 1000};
	struct conn_samples s = {0};
	const struct conn_sample with = {.ts_ns = 2,
					 .known = KNOWN(CONN_CWND) | KNOWN(CONN_SRTT_US),
					 .values = {[CONN_CWND] = 9, [CONN_SRTT_US] = 400}};

	add(&s, &room, 1, 10);
	assert_int_equal(conn_samples_add(&s, &room, &with), 0);
	add(&s, &room, 3, 8);
	assert_int_equal(s.slots[0].n, 2);
	assert_int_equal(s.slots[0].ranges[CONN_SRTT_US].least, 400);
	assert_int_equal(s.slots[0].ranges[CONN_SRTT_US].last, 400);
	assert_int_equal(s.slots[0].ranges[CONN_CWND].least, 9);
	assert_int_equal(s.slots[0].ranges[CONN_CWND].most, 10);
	assert_int_equal(s.slots[1].known, KNOWN(CONN_CWND));
	conn_samples_done(&s, &room);
}

static void test_samples_of_all_share_the_room(void **state)
{
	struct conn_samples_room room = {.each = 64, .max = 48};
	struct conn_samples many[4] = {0};

	for (uint32_t i = 0; i < 1000; i++) {
		for (size_t c = 0; c < 4; c++)
			add(&many[c], &room, i, i);
		assert_true(room.used <= 48);
	}
	for (size_t c = 0; c < 3; c++)
		assert_int_equal(many[c].n_samples, 1000);
	assert_int_equal(many[3].n_samples, 0);
	assert_int_equal(room.n_refused, 1000);
	conn_samples_done(&many[0], &room);
	add(&many[3], &room, 1001, 7);
	assert_int_equal(many[3].n, 1);
	for (size_t c = 0; c < 4; c++)
		conn_samples_done(&many[c], &room);
	assert_int_equal(room.used, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples_are_kept_one_by_one_while_there_is_room),
		cmocka_unit_test(test_samples_become_coarser_and_cover_the_whole_life),
		cmocka_unit_test(test_samples_that_come_too_late),
		cmocka_unit_test(test_samples_unknown_is_not_zero),
		cmocka_unit_test(test_samples_of_all_share_the_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
