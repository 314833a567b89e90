// SPDX-License-Identifier: MIT
/* Connections that spend most of their time on repairing losses. */
#include "support/scene.h"

#include <string.h>

#include "base/units.h"
#include "tcp/names.h"

/* A connection that repairs a loss for so long, of all the time in which it has data under way. */
static struct tcp_conn *repairing(struct scene *s, unsigned int repairing_ms, unsigned int busy_ms,
				  uint32_t dsacks)
{
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	s->now_ns = 1002 * NSEC_PER_SEC;
	scene_congestion(s, c, TCP_CA_STATE_LOSS);
	scene_retransmit(s, c, TCP_CAUSE_LOSS);
	s->now_ns += repairing_ms * NSEC_PER_MSEC;
	scene_congestion(s, c, TCP_CA_STATE_OPEN);
	scene_final(s, c,
		    &(struct tcp_info_growth){.sent_bytes = 200000,
					      .retrans_bytes = 1000,
					      .retrans_segs = 1,
					      .dsacks = dsacks,
					      .busy_us = busy_ms * 1000});
	scene_end(s, c);
	return c;
}

static void test_repairing(void **state)
{
	static const struct {
		unsigned int repairing_ms, busy_ms;
		uint32_t dsacks;
		int level;
	} cases[] = {
		{1000, 2000, 0, DOCUMENT_NOTICE},
		/* Most of the time was not lost. */
		{1000, 2100, 0, NOTHING},
		/* One lost segment of a short transfer. */
		{999, 1000, 0, NOTHING},
		/* Nothing was lost. */
		{1000, 2000, 1, NOTHING},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene *s = scene_anew(state);

		repairing(s, cases[i].repairing_ms, cases[i].busy_ms, cases[i].dsacks);
		scene_expect(s, "repairing", cases[i].level);
		/* The report is good only where nothing is told. */
		assert_int_equal(scene_count(s, "quiet"), cases[i].level == NOTHING);
	}
}

static void test_repairing_for_long(void **state)
{
	struct scene *s = scene_anew(state);

	for (unsigned int i = 0; i < 2; i++)
		repairing(s, 4900, 5000, 0);
	scene_expect(s, "repairing", DOCUMENT_NOTICE);
	s = scene_anew(state);
	for (unsigned int i = 0; i < 2; i++)
		repairing(s, 5000, 5000, 0);
	scene_expect(s, "repairing", DOCUMENT_WARNING);
	assert_non_null(strstr(scene_first(s, "repairing")->title, "100.0% of the time"));
	assert_string_equal(scene_first(s, "repairing")->place, "network");
}

/* What is told once is not told again. */
static void test_repairing_is_told(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 3, 443);

	repairing(s, 3000, 4000, 0);
	for (unsigned int i = 0; i < 3; i++)
		scene_retransmit(s, c, TCP_CAUSE_RTO);
	c->ending = TCP_ENDING_TIMEOUT;
	scene_end(s, c);
	scene_expect(s, "repairing", NOTHING);
	assert_int_equal(scene_count(s, "stalled"), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_repairing),
		TEST(test_repairing_for_long),
		TEST(test_repairing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
