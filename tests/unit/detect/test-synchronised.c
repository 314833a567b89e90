// SPDX-License-Identifier: MIT
/* Loss toward many peers within the same seconds. */
#include "support/scene.h"

#include "base/units.h"

#define WARNING DOCUMENT_WARNING

/* In second `second` of the scene, one retransmission to each of the first n peers; to the first
 * `n_late` of them by a timeout. */
static void hit(struct scene *s, unsigned int second, uint8_t n, uint8_t n_late)
{
	s->now_ns = (SCENE_START_S + second) * NSEC_PER_SEC;
	for (uint8_t i = 0; i < n; i++)
		scene_retransmit(s, scene_call(s, i, 9, 443),
				 i < n_late ? TCP_CAUSE_RTO : TCP_CAUSE_FAST);
}

static void test_synchronised_needs_five_peers(void **state)
{
	struct scene *s = *state;

	hit(s, 5, 4, 4);
	scene_expect(s, "synchronised", NOTHING);
	s = scene_anew(state);
	hit(s, 5, 5, 5);
	scene_expect(s, "synchronised", WARNING);
}

/* Seven tenths of all retransmissions lie in such seconds. */
static void test_synchronised_has_most_of_it(void **state)
{
	struct scene *s = *state;

	hit(s, 5, 3, 3);
	hit(s, 8, 7, 7);
	scene_expect(s, "synchronised", WARNING);
	s = scene_anew(state);
	hit(s, 5, 4, 4);
	hit(s, 8, 7, 7);
	scene_expect(s, "synchronised", NOTHING);
}

/* Later segments reveal a single loss: half of it must be late. */
static void test_synchronised_is_late(void **state)
{
	struct scene *s = *state;

	hit(s, 8, 6, 3);
	scene_expect(s, "synchronised", WARNING);
	s = scene_anew(state);
	hit(s, 8, 6, 2);
	scene_expect(s, "synchronised", NOTHING);
}

/* A tail loss probe is sent on suspicion, and a failed attempt sends nothing. */
static void test_synchronised_without_probes(void **state)
{
	struct scene *s = *state;

	s->now_ns = (SCENE_START_S + 8) * NSEC_PER_SEC;
	for (uint8_t i = 0; i < 6; i++)
		scene_retransmit(s, scene_call(s, i, 9, 443), TCP_CAUSE_TLP);
	scene_expect(s, "synchronised", NOTHING);
}

/* One peer with most of it has a trouble of its own. */
static void with_one_more(void **state, unsigned int n, int level)
{
	struct scene *s = scene_anew(state);

	hit(s, 8, 6, 6);
	while (n--)
		hit(s, 8, 1, 1);
	scene_expect(s, "synchronised", level);
}

static void test_synchronised_is_of_no_single_peer(void **state)
{
	with_one_more(state, 4, WARNING);
	with_one_more(state, 5, NOTHING);
}

/* Half of all peers that were ever hit are hit at once. */
static void test_synchronised_hits_half_of_the_peers(void **state)
{
	for (uint8_t others = 5; others <= 6; others++) {
		struct scene *s = scene_anew(state);

		hit(s, 8, 5, 5);
		/* The same peers again, so that the second has most of the retransmissions. */
		for (unsigned int i = 0; i < 3; i++)
			hit(s, 8, 5, 5);
		s->now_ns = (SCENE_START_S + 2) * NSEC_PER_SEC;
		for (uint8_t i = 0; i < others; i++)
			scene_retransmit(s, scene_call(s, 100 + i, 9, 443), TCP_CAUSE_RTO);
		scene_expect(s, "synchronised", others == 5 ? WARNING : NOTHING);
	}
}

/* Peers that are hit all the time are not hit together. */
static void test_synchronised_all_the_time(void **state)
{
	struct scene *s = *state;

	for (unsigned int i = 0; i < 5; i++)
		hit(s, i, 6, 6);
	scene_expect(s, "synchronised", WARNING);
	s = scene_anew(state);
	for (unsigned int i = 0; i < 6; i++)
		hit(s, i, 6, 6);
	scene_expect(s, "synchronised", NOTHING);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_synchronised_needs_five_peers),
		TEST(test_synchronised_has_most_of_it),
		TEST(test_synchronised_is_late),
		TEST(test_synchronised_without_probes),
		TEST(test_synchronised_is_of_no_single_peer),
		TEST(test_synchronised_hits_half_of_the_peers),
		TEST(test_synchronised_all_the_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
