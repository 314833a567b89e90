// SPDX-License-Identifier: MIT
/* subflows: attempts of the kernel to add a subflow are told as that, and as no connect. */
#include "support/scene.h"

static void end_join(struct scene *s, enum tcp_ending ending, uint32_t syns)
{
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	c->subflow = TCP_SUBFLOW_JOIN;
	c->ending = (uint8_t)ending;
	c->was_established = false;
	c->established_ns = 0;
	scene_cold(s, c)->n_syns = syns;
	scene_end(s, c);
}

static void test_subflows_without_an_answer(void **state)
{
	struct scene *s = *state;

	end_join(s, TCP_ENDING_ABORTED, 0); /* its connection ended before an answer was due */
	scene_expect(s, "subflows", NOTHING);
	s = scene_anew(state);
	end_join(s, TCP_ENDING_ABORTED, 1);
	scene_expect(s, "subflows", DOCUMENT_NOTICE);
	s = scene_anew(state);
	end_join(s, TCP_ENDING_REMOTE_RESET, 0);
	scene_expect(s, "subflows", DOCUMENT_NOTICE);
}

static void test_subflows_are_no_connects(void **state)
{
	struct scene *s = *state;

	for (unsigned int i = 0; i < 40; i++)
		end_join(s, TCP_ENDING_REMOTE_RESET, 0);
	for (unsigned int i = 0; i < 40; i++)
		end_join(s, TCP_ENDING_ABORTED, 3);
	scene_find(s);
	assert_int_equal(scene_count(s, "unreachable"), 0);
	assert_int_equal(scene_count(s, "connects"), 0);
	assert_int_equal(scene_count(s, "subflows"), 1);
}

#define SUBFLOWS_TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUBFLOWS_TEST(test_subflows_without_an_answer),
		SUBFLOWS_TEST(test_subflows_are_no_connects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
