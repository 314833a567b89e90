// SPDX-License-Identifier: MIT
/* Where the trouble lies, and what held the senders back. */
#include "support/scene.h"

#include "base/units.h"
#include "detect/verdict.h"
#include "tcp/names.h"

static void test_good(void **state)
{
	struct scene *s = *state;
	struct verdict v;

	scene_transfer(s, 1, 2, &(struct tcp_info_growth){.sent_bytes = 1000});
	scene_find(s);
	v = verdict_of(&s->findings);
	assert_true(v.is_good);
	assert_false(v.is_untold);
	assert_int_equal(v.place, PLACE_UNKNOWN);
	assert_false(v.has_places[PLACE_NETWORK]);
	/* The kernel has told no times. */
	assert_int_equal(v.time.conns, 0);
	/* With events missing nothing is good, and nothing is told. */
	s->facts.recorded = 90;
	s->facts.lost = 10;
	scene_find(s);
	v = verdict_of(&s->findings);
	assert_false(v.is_good);
	assert_true(v.is_untold);
}

static void test_places(void **state)
{
	struct scene *s = *state;
	struct verdict v;

	scene_end_attempts(s, 30, 1, 2, 80, TCP_ENDING_REMOTE_RESET, 0, 0);
	scene_find(s);
	v = verdict_of(&s->findings);
	assert_false(v.is_good);
	assert_int_equal(v.place, PLACE_PEER);
	assert_true(v.has_places[PLACE_PEER]);
	assert_false(v.has_places[PLACE_NETWORK]);
	assert_string_equal(scene_first(s, "connects")->place, "peer");
	s = scene_anew(state);
	scene_end_attempts(s, 30, 1, 2, 80, TCP_ENDING_TIMEOUT, 0, 6);
	scene_find(s);
	v = verdict_of(&s->findings);
	assert_false(v.is_good);
	assert_int_equal(v.place, PLACE_UNKNOWN);
}

/* A notice hurts too few to say where trouble lies. */
static void test_notices_have_no_place(void **state)
{
	struct scene *s = *state;
	const struct detector *scan = detector_by_id("scan");
	struct verdict v;

	scene_transfer(s, 1, 2, &(struct tcp_info_growth){.sent_bytes = 1000});
	scene_find(s);
	assert_int_equal(scan->place, PLACE_PEER);
	(void)finding_new(&s->findings, scan, DOCUMENT_NOTICE, 1);
	v = verdict_of(&s->findings);
	assert_true(v.is_good);
	assert_false(v.has_places[PLACE_PEER]);
	(void)finding_new(&s->findings, scan, DOCUMENT_WARNING, 1);
	v = verdict_of(&s->findings);
	assert_true(v.has_places[PLACE_PEER]);
}

static struct busy_time times_of(struct scene *s)
{
	scene_find(s);
	return busy_time_of(&s->in, &s->in.total);
}

static void test_times(void **state)
{
	struct scene *s = *state;
	struct tcp_info_growth growth = {
		.sent_bytes = 1000,
		.busy_us = 4000000,
		.rwnd_limited_us = 1000000,
		.sndbuf_limited_us = 500000,
	};
	struct busy_time b;

	scene_transfer(s, 1, 2, &growth);
	scene_transfer(s, 1, 3, &growth);
	b = times_of(s);
	assert_int_equal(b.conns, 2);
	assert_int_equal(b.busy_ns, 8 * NSEC_PER_SEC);
	assert_int_equal(b.window_ns, 2 * NSEC_PER_SEC);
	assert_int_equal(b.buffer_ns, NSEC_PER_SEC);
	assert_int_equal(b.repairing_ns, 0);
}

/* A recovery lasts from the state Recovery or Loss to the next other one. */
static void test_repairing(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	struct tcp_event e;

	s->now_ns = 1002 * NSEC_PER_SEC;
	scene_congestion(s, c, TCP_CA_STATE_RECOVERY);
	s->now_ns = 1002 * NSEC_PER_SEC + 300 * NSEC_PER_MSEC;
	scene_congestion(s, c, TCP_CA_STATE_OPEN);
	/* A timeout of 200 ms has expired when Loss begins. */
	s->now_ns = 1004 * NSEC_PER_SEC;
	scene_congestion(s, c, TCP_CA_STATE_LOSS);
	e = scene_event(s, TCP_KIND_RETRANSMIT, c);
	e.cause = TCP_CAUSE_RTO;
	e.rto_us = 200000;
	scene_feed(s, &e);
	/* The second one is in the same recovery. */
	s->now_ns = 1004 * NSEC_PER_SEC + 400 * NSEC_PER_MSEC;
	e = scene_event(s, TCP_KIND_RETRANSMIT, c);
	e.cause = TCP_CAUSE_RTO;
	e.rto_us = 400000;
	scene_feed(s, &e);
	s->now_ns = 1005 * NSEC_PER_SEC;
	scene_congestion(s, c, TCP_CA_STATE_OPEN);
	scene_final(s, c, &(struct tcp_info_growth){.sent_bytes = 1000, .busy_us = 5000000});
	scene_end(s, c);
	assert_int_equal(times_of(s).repairing_ns, 1500 * NSEC_PER_MSEC);
}

/* A timeout in a fast recovery does not begin another one. */
static void test_repairing_goes_on(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	s->now_ns = 1002 * NSEC_PER_SEC;
	scene_congestion(s, c, TCP_CA_STATE_RECOVERY);
	s->now_ns = 1002 * NSEC_PER_SEC + 200 * NSEC_PER_MSEC;
	scene_congestion(s, c, TCP_CA_STATE_LOSS);
	s->now_ns = 1002 * NSEC_PER_SEC + 500 * NSEC_PER_MSEC;
	scene_congestion(s, c, TCP_CA_STATE_OPEN);
	scene_final(s, c, &(struct tcp_info_growth){.sent_bytes = 1000, .busy_us = 5000000});
	scene_end(s, c);
	assert_int_equal(times_of(s).repairing_ns, 500 * NSEC_PER_MSEC);
}

/* Of a connection that never recovers, the recovery lasts to its end. */
static void test_repairing_to_the_end(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	s->now_ns = 1002 * NSEC_PER_SEC;
	scene_congestion(s, c, TCP_CA_STATE_LOSS);
	c->end_ns = 1006 * NSEC_PER_SEC;
	scene_final(s, c, &(struct tcp_info_growth){.sent_bytes = 1000, .busy_us = 9000000});
	scene_end(s, c);
	assert_int_equal(times_of(s).repairing_ns, 4 * NSEC_PER_SEC);
}

/* Without the events of the congestion state each timeout stands for itself. */
static void test_repairing_by_timeouts(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	struct tcp_event e;

	e = scene_event(s, TCP_KIND_RETRANSMIT, c);
	e.cause = TCP_CAUSE_RTO;
	e.rto_us = 200000;
	scene_feed(s, &e);
	e.rto_us = 400000;
	scene_feed(s, &e);
	scene_final(s, c, &(struct tcp_info_growth){.sent_bytes = 1000, .busy_us = 9000000});
	scene_end(s, c);
	assert_int_equal(times_of(s).repairing_ns, 600 * NSEC_PER_MSEC);
}

/* Each connection repairs for no longer than it has data under way, so that the part is never more
 * than the whole, nor are the repairs of one taken for those of others. */
static void test_repairing_of_each(void **state)
{
	struct scene *s = *state;
	struct busy_time b;

	for (uint8_t i = 0; i < 2; i++) {
		struct tcp_conn *c = scene_call(s, 1, (uint8_t)(2 + i), 443);

		s->now_ns = 1002 * NSEC_PER_SEC;
		scene_congestion(s, c, TCP_CA_STATE_LOSS);
		c->end_ns = 1008 * NSEC_PER_SEC;
		scene_final(s, c,
			    &(struct tcp_info_growth){.sent_bytes = 1000,
						      .busy_us = i ? 1000000 : 20000000});
		scene_end(s, c);
	}
	b = times_of(s);
	assert_int_equal(b.busy_ns, 21 * NSEC_PER_SEC);
	assert_int_equal(b.repairing_ns, 7 * NSEC_PER_SEC);
	assert_true(b.knows_repairing);
	assert_false(b.is_least);
}

/* Where the last figures of a connection are missing, neither its time nor its repairs count. */
static void test_repairing_without_figures(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	s->now_ns = 1002 * NSEC_PER_SEC;
	scene_congestion(s, c, TCP_CA_STATE_LOSS);
	c->end_ns = 1008 * NSEC_PER_SEC;
	scene_end(s, c);
	scene_transfer(s, 1, 3, &(struct tcp_info_growth){.sent_bytes = 1000, .busy_us = 10000000});
	assert_int_equal(times_of(s).repairing_ns, 0);
}

/* The kernel's sum of timeouts tells of repairs of which no event is on the tape. */
static void test_repairing_by_the_kernel(void **state)
{
	struct scene *s = *state;
	struct busy_time b;

	s->context.recorded = TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL);
	scene_transfer(s, 1, 2,
		       &(struct tcp_info_growth){.sent_bytes = 1000,
						 .busy_us = 2000000,
						 .retrans_segs = 2,
						 .retrans_bytes = 500,
						 .timeouts = 2,
						 .timeouts_ms = 600});
	b = times_of(s);
	assert_int_equal(b.repairing_ns, 600 * NSEC_PER_MSEC);
	assert_true(b.knows_repairing);
	assert_true(b.is_least);
}

/* What neither events nor the kernel tell is unknown, and not zero. */
static void test_repairing_is_unknown(void **state)
{
	struct scene *s = *state;

	s->context.recorded = TCP_KIND_BIT(TCP_KIND_SET_STATE);
	assert_false(times_of(s).knows_repairing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_good, scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(test_places, scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(test_notices_have_no_place, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(test_repairing_goes_on, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(test_times, scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(test_repairing, scene_setup, scene_teardown),
		cmocka_unit_test_setup_teardown(test_repairing_to_the_end, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(test_repairing_by_timeouts, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(test_repairing_of_each, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(test_repairing_without_figures, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(test_repairing_by_the_kernel, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(test_repairing_is_unknown, scene_setup,
						scene_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
