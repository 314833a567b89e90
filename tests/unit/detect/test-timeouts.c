// SPDX-License-Identifier: MIT
/* Losses that only a timeout or a tail loss probe repairs, on both sides of each threshold. */
#include "support/scene.h"

#include <errno.h>
#include <string.h>

#include "tcp/names.h"

#define NOTICE	DOCUMENT_NOTICE
#define WARNING DOCUMENT_WARNING

static void feed_recoveries(struct scene *s, size_t n)
{
	const struct tcp_conn *c = scene_call(s, 0, 2, 443);

	while (n--)
		scene_congestion(s, c, TCP_CA_STATE_RECOVERY);
}

/* So many connections with a timeout each, and so many fast recoveries. */
static void series(void **state, size_t n, size_t recoveries, int level)
{
	struct scene *s = scene_anew(state);

	while (n--) {
		struct tcp_conn *c = scene_call(s, 0, 2, 443);

		scene_retransmit(s, c, TCP_CAUSE_RTO);
		scene_end(s, c);
	}
	feed_recoveries(s, recoveries);
	scene_expect(s, "timeouts", level);
}

static void test_timeouts(void **state)
{
	series(state, 4, 0, NOTHING);
	series(state, 5, 5, NOTICE);
	assert_non_null(
		strstr(scene_first(*state, "timeouts")->title, "5 timeouts, 5 fast recoveries"));
	series(state, 5, 6, NOTHING);
	series(state, 9, 6, NOTICE);
	series(state, 10, 6, WARNING);
	series(state, 6, 1, NOTICE);
	assert_non_null(strstr(scene_first(*state, "timeouts")->title, "1 fast recovery"));
}

/* Timeouts in a row, without anything else in between, are one series. */
static void test_timeouts_in_a_row_are_one_series(void **state)
{
	struct scene *s = *state;

	for (unsigned int i = 0; i < 4; i++) {
		struct tcp_conn *c = scene_call(s, 0, 2, 443);

		scene_retransmit(s, c, TCP_CAUSE_RTO);
		scene_retransmit(s, c, TCP_CAUSE_RTO);
		scene_end(s, c);
	}
	scene_expect(s, "timeouts", NOTHING);
	s = scene_anew(state);
	for (unsigned int i = 0; i < 4; i++) {
		struct tcp_conn *c = scene_call(s, 0, 2, 443);

		scene_retransmit(s, c, TCP_CAUSE_RTO);
		scene_congestion(s, c, TCP_CA_STATE_OPEN);
		scene_retransmit(s, c, TCP_CAUSE_RTO);
		scene_end(s, c);
	}
	scene_expect(s, "timeouts", NOTICE);
}

/* Stalled connections have a detector of their own; those that recovered had timeouts like others.
 * */
static void stalls(void **state, bool is_recovered, int level)
{
	struct scene *s = scene_anew(state);

	for (unsigned int i = 0; i < 5; i++) {
		struct tcp_conn *c = scene_call(s, 0, 2, 443);

		for (unsigned int k = 0; k < 3; k++)
			scene_retransmit(s, c, TCP_CAUSE_RTO);
		if (is_recovered)
			scene_congestion(s, c, TCP_CA_STATE_OPEN);
		c->ending = TCP_ENDING_OPEN;
		scene_end(s, c);
	}
	scene_expect(s, "timeouts", level);
}

static void test_timeouts_without_stalls(void **state)
{
	stalls(state, false, NOTHING);
	stalls(state, true, NOTICE);
}

/* By the kernel's figures alone: with hardly any loss, 1 % of the connections must be hit. */
static void by_figures(void **state, uint64_t retrans_bytes, size_t n_conns, int level)
{
	struct scene *s = scene_anew(state);
	struct tcp_conn *c = scene_call(s, 0, 2, 443);

	c->n_retrans = 9;
	scene_cold(s, c)->n_timeouts = 5;
	scene_final(s, c,
		    &(struct tcp_info_growth){.retrans_segs = 9,
					      .retrans_bytes = retrans_bytes,
					      .sent_bytes = 1000000,
					      .timeouts = 5});
	scene_end(s, c);
	scene_end_calls(s, n_conns - 1, 0, 2, 443);
	scene_expect(s, "timeouts", level);
}

static void test_timeouts_that_do_not_matter(void **state)
{
	by_figures(state, 999, 101, NOTHING);
	by_figures(state, 999, 100, NOTICE);
	by_figures(state, 1000, 101, NOTICE);
}

/* Outages that come and go are counted: seconds with retransmissions, and quiet between them. */
static void test_timeouts_in_bursts(void **state)
{
	struct scene *s = *state;
	const struct document_finding *x;
	bool has_bursts = false;

	for (unsigned int i = 0; i < 6; i++) {
		struct tcp_conn *c = scene_call(s, 0, 2, 443);

		s->now_ns = (SCENE_START_S + (i < 3 ? 2 : i < 5 ? 5 : 6)) * 1000000000ULL;
		scene_retransmit(s, c, TCP_CAUSE_RTO);
		scene_end(s, c);
	}
	scene_expect(s, "timeouts", NOTICE);
	x = scene_first(s, "timeouts");
	for (size_t i = 0; i < x->n_evidence; i++) {
		if (strcmp(x->evidence[i].key, "bursts"))
			continue;
		has_bursts = true;
		assert_int_equal(x->evidence[i].cell.u64, 2);
	}
	assert_true(has_bursts);
}

/* Timeouts of which the events are on the tape, in runs that are no series of lost data, are not
 * counted by the kernel's figures instead. */
static void test_timeouts_of_a_queue_here(void **state)
{
	struct scene *s = *state;

	for (size_t i = 0; i < 6; i++) {
		struct tcp_conn *c = scene_call(s, 0, 2, 443);
		struct tcp_event e = scene_event(s, TCP_KIND_RETRANSMIT, c);

		e.cause = TCP_CAUSE_RTO;
		e.err = -EBUSY;
		e.present = TCP_FIELD_BIT(TCP_FIELD_ERR);
		scene_feed(s, &e);
		scene_retransmit(s, c, TCP_CAUSE_RTO);
		scene_final(s, c, &(struct tcp_info_growth){.sent_bytes = 100, .timeouts = 2});
		scene_end(s, c);
	}
	scene_expect(s, "timeouts", NOTHING);
}

/* A peer with nearly all of it is named. */
static void test_timeouts_name_their_peer(void **state)
{
	for (size_t n_other = 1; n_other <= 2; n_other++) {
		struct scene *s = scene_anew(state);

		for (size_t i = 0; i < 4 + n_other; i++) {
			struct tcp_conn *c = scene_call(s, 0, i < 4 ? 2 : 3, 443);

			scene_retransmit(s, c, TCP_CAUSE_RTO);
			scene_end(s, c);
		}
		scene_expect(s, "timeouts", NOTICE);
		assert_string_equal(scene_first(s, "timeouts")->command,
				    n_other == 1 ? "tcptape retrans -r --addr 10.0.0.2 a.tape"
						 : "tcptape retrans -r a.tape");
	}
}

/* So many losses that a tail loss probe repaired, of so many probes; and fast recoveries. */
static void tail_losses(void **state, size_t n, size_t n_probes, size_t recoveries,
			uint64_t retrans_bytes, int level)
{
	struct scene *s = scene_anew(state);

	for (size_t i = 0; i < n_probes; i++) {
		struct tcp_conn *c = scene_call(s, 0, 2, 443);

		scene_retransmit(s, c, TCP_CAUSE_TLP);
		if (i < n)
			scene_congestion(s, c, TCP_CA_STATE_CWR);
		scene_end(s, c);
	}
	feed_recoveries(s, recoveries);
	if (retrans_bytes)
		scene_transfer(s, 0, 2,
			       &(struct tcp_info_growth){.retrans_bytes = retrans_bytes,
							 .retrans_segs = 1,
							 .sent_bytes = 1000000});
	scene_expect(s, "tail-loss", level);
}

static void test_tail_loss(void **state)
{
	tail_losses(state, 4, 4, 0, 0, NOTHING);
	tail_losses(state, 5, 5, 11, 0, NOTICE);
	assert_non_null(strstr(scene_first(*state, "tail-loss")->title,
			       "transfers to 10.0.0.2 are lost: 5 times"));
	tail_losses(state, 5, 5, 12, 0, NOTHING);
	/* The other probes were spurious. */
	tail_losses(state, 5, 25, 0, 0, NOTICE);
	tail_losses(state, 5, 26, 0, 0, NOTHING);
	/* Where a rate is known. */
	tail_losses(state, 5, 5, 0, 999, NOTHING);
	tail_losses(state, 5, 5, 0, 1000, NOTICE);
	tail_losses(state, 5, 5, 0, 9999, NOTICE);
	tail_losses(state, 5, 5, 0, 10000, WARNING);
}

/* The rate is that of the affected peers: what is sent to others does not dilute it. */
static void test_tail_loss_rate_of_affected_peers(void **state)
{
	struct scene *s = *state;

	for (size_t i = 0; i < 5; i++) {
		struct tcp_conn *c = scene_call(s, 0, 2, 443);

		scene_retransmit(s, c, TCP_CAUSE_TLP);
		scene_congestion(s, c, TCP_CA_STATE_CWR);
		scene_end(s, c);
	}
	scene_transfer(s, 0, 2,
		       &(struct tcp_info_growth){
			       .retrans_bytes = 1000, .retrans_segs = 1, .sent_bytes = 1000000});
	scene_transfer(s, 0, 3, &(struct tcp_info_growth){.sent_bytes = 1000000000});
	scene_expect(s, "tail-loss", NOTICE);
}

/* CWR without a probe before it is no repaired loss: tcp_enter_cwr() has other callers. */
static void test_tail_loss_needs_a_probe(void **state)
{
	struct scene *s = *state;

	for (unsigned int i = 0; i < 10; i++) {
		struct tcp_conn *c = scene_call(s, 0, 2, 443);

		scene_retransmit(s, c, TCP_CAUSE_FAST);
		scene_congestion(s, c, TCP_CA_STATE_CWR);
		scene_end(s, c);
	}
	scene_expect(s, "tail-loss", NOTHING);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_timeouts),
		TEST(test_timeouts_in_a_row_are_one_series),
		TEST(test_timeouts_without_stalls),
		TEST(test_timeouts_that_do_not_matter),
		TEST(test_timeouts_in_bursts),
		TEST(test_timeouts_of_a_queue_here),
		TEST(test_timeouts_name_their_peer),
		TEST(test_tail_loss),
		TEST(test_tail_loss_rate_of_affected_peers),
		TEST(test_tail_loss_needs_a_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
