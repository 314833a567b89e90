// SPDX-License-Identifier: MIT
/* What is found of data that had to be sent again, at the edges of the thresholds. */
#include "by-hand.h"

#include <string.h>

#include "base/units.h"
#include "tcp/names.h"

#define NOTICE	 DOCUMENT_NOTICE
#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

/* So many segments again, so many bytes of so many. */
static struct counters lossy(uint64_t segs, uint64_t resent, uint64_t sent)
{
	return (struct counters){.conns = 1,
				 .established = 1,
				 .with_tcp_info = 1,
				 .with_retrans = segs > 0,
				 .resegs = segs,
				 .resent_bytes = resent,
				 .sent_bytes = sent};
}

static void give(struct by_hand *h, uint8_t net, uint8_t peer, struct counters s)
{
	const struct conn_subject to = caller_of(net, peer, 443);

	by_hand_add(h, &to, &s);
}

static void level_of(uint64_t segs, uint64_t resent, uint64_t sent, int level)
{
	void *state;
	struct by_hand *h;

	assert_int_equal(by_hand_setup(&state), 0);
	h = state;
	give(h, 0, 2, lossy(segs, resent, sent));
	by_hand_expect(h, "loss", level);
	by_hand_teardown(&state);
}

static void test_loss_levels(void **state)
{
	level_of(4, 100000, 1000000, NOTHING);
	/* A few are enough at a very high rate. */
	level_of(5, 49999, 1000000, NOTHING);
	level_of(5, 50000, 1000000, NOTICE);
	level_of(9, 49999, 1000000, NOTHING);
	level_of(9, 500000, 1000000, NOTICE);
	level_of(10, 999, 1000000, NOTHING);
	level_of(10, 1000, 1000000, NOTICE);
	level_of(10, 9999, 1000000, NOTICE);
	level_of(10, 10000, 1000000, WARNING);
	level_of(30, 49999, 1000000, WARNING);
	level_of(30, 50000, 1000000, CRITICAL);
	level_of(29, 50000, 1000000, WARNING);
	level_of(1000000, 0, 1000000, NOTHING);
}

/* Most had arrived: about delays, not loss, and it takes more to be told. */
static void test_loss_needless(void **state)
{
	struct by_hand *h = *state;
	struct counters s = lossy(10, 19000, 1000000);

	s.spurious_bytes = 9500;
	give(h, 0, 2, s);
	by_hand_expect(h, "loss", NOTHING);
	s.resent_bytes = 81000;
	s.spurious_bytes = 40500;
	give(h, 0, 2, s);
	by_hand_expect(h, "loss", WARNING);
	assert_string_equal(by_hand_first(h, "loss")->sure, "likely");
}

static void test_loss_names_one_of_many(void **state)
{
	struct by_hand *h = *state;

	for (uint8_t i = 1; i < 100; i++)
		give(h, i, 9, lossy(0, 0, 100000));
	give(h, 100, 7, lossy(50, 8000, 100000));
	by_hand_expect(h, "loss", CRITICAL);
	assert_int_equal(by_hand_count(h, "loss"), 1);
	assert_non_null(
		strstr(by_hand_first(h, "loss")->title, "8.0% of the bytes to 10.0.100.7 "));
	assert_string_equal(by_hand_first(h, "loss")->command,
			    "tcptape retrans -c --addr 10.0.100.7 a.tape");
	assert_string_equal(by_hand_first(h, "loss")->sure, "certain");
}

/* All of a network, and each of its peers alike: the network is named. */
static void test_loss_names_the_network(void **state)
{
	struct by_hand *h = *state;

	for (uint8_t i = 1; i <= 20; i++) {
		give(h, 5, i, lossy(15, 2000, 100000));
		give(h, 6, i, lossy(0, 10, 100000));
	}
	by_hand_expect(h, "loss", WARNING);
	assert_int_equal(by_hand_count(h, "loss"), 1);
	assert_non_null(strstr(by_hand_first(h, "loss")->title, " 10.0.5.0/24 "));
}

/* With less than 80 % of it, or where the rest is no five times cleaner, nobody is blamed. */
static void test_loss_blames_nobody(void **state)
{
	struct by_hand *h = *state;

	for (uint8_t i = 1; i <= 20; i++)
		give(h, i, 2, lossy(12, 1000 + i, 100000));
	by_hand_expect(h, "loss", WARNING);
	assert_int_equal(by_hand_count(h, "loss"), 1);
	assert_non_null(strstr(by_hand_first(h, "loss")->title, "to 20 of 20 peers"));
}

/* The edge of EXPLAINS: 80 % of it, and the other half of the traffic. */
static void share(uint64_t part, bool is_named)
{
	void *state;
	struct by_hand *h;

	assert_int_equal(by_hand_setup(&state), 0);
	h = state;
	give(h, 1, 2, lossy(50, part, 90000));
	for (uint8_t i = 0; i < 100; i++)
		give(h, 2, i, lossy(1, (10000 - part) / 100, 90000));
	by_hand_find(h);
	assert_true(by_hand_first(h, "loss"));
	assert_int_equal(!!strstr(by_hand_first(h, "loss")->title, " 10.0.1.2 "), is_named);
	by_hand_teardown(&state);
}

static void test_loss_share(void **state)
{
	share(8000, true);
	share(7900, false);
}

/* Three that explain it together are each named; no four. */
static void few(uint8_t n, size_t found)
{
	void *state;
	struct by_hand *h;

	assert_int_equal(by_hand_setup(&state), 0);
	h = state;
	for (uint8_t i = 0; i < 40; i++)
		give(h, i, 2,
		     i % 10 || i / 10 >= n ? lossy(0, 0, 100000) : lossy(20, 3000, 100000));
	by_hand_find(h);
	assert_int_equal(by_hand_count(h, "loss"), found);
	by_hand_teardown(&state);
}

static void test_loss_names_a_few(void **state)
{
	few(2, 2);
	few(3, 3);
	few(4, 1);
}

static void test_loss_without_a_rate(void **state)
{
	struct by_hand *h = *state;
	struct counters s = {.conns = 10, .established = 10, .with_retrans = 1};

	s.retrans[TCP_CAUSE_RTO] = 4;
	s.retrans[TCP_CAUSE_FAST] = 6;
	give(h, 0, 2, s);
	by_hand_expect(h, "loss", NOTHING);
	give(h, 0, 2, (struct counters){.retrans[TCP_CAUSE_RTO] = 1});
	by_hand_expect(h, "loss", WARNING);
	assert_string_equal(by_hand_first(h, "loss")->sure, "possible");
	/* Less than a tenth of the connections. */
	give(h, 0, 2, (struct counters){.conns = 1, .established = 1});
	by_hand_expect(h, "loss", NOTHING);
}

/* Of one peer with most of it, and not of the connections. */
static void test_loss_of_one_without_a_rate(void **state)
{
	struct by_hand *h = *state;
	struct counters s = {.conns = 10, .established = 10, .with_retrans = 3};

	give(h, 0, 3, (struct counters){.conns = 10, .established = 100});
	s.retrans[TCP_CAUSE_FAST] = 29;
	give(h, 0, 2, s);
	by_hand_expect(h, "loss", NOTHING);
	give(h, 0, 2, (struct counters){.retrans[TCP_CAUSE_FAST] = 1});
	by_hand_expect(h, "loss", WARNING);
	assert_string_equal(by_hand_first(h, "loss")->title,
			    "30 of 30 retransmissions went to 10.0.0.2, which has 10 of 20 "
			    "connections");
	give(h, 0, 2, (struct counters){.conns = 1, .established = 1});
	by_hand_expect(h, "loss", NOTHING);
}

/* What stalled connections send into the void is no rate of loss. */
static void test_loss_of_stalls(void **state)
{
	struct by_hand *h = *state;
	struct counters s = lossy(20, 20000, 100000);

	s.stall_retrans = 16;
	give(h, 0, 2, s);
	by_hand_expect(h, "loss", NOTHING);
}

static void test_timeouts(void **state)
{
	struct by_hand *h = *state;
	struct counters s = {.conns = 1, .established = 1, .series = 4, .recoveries = 5};

	s.retrans[TCP_CAUSE_RTO] = 4;
	give(h, 0, 2, s);
	by_hand_expect(h, "timeouts", NOTHING);
	give(h, 0, 2, (struct counters){.series = 1, .retrans[TCP_CAUSE_RTO] = 1});
	by_hand_expect(h, "timeouts", NOTICE);
	assert_non_null(
		strstr(by_hand_first(h, "timeouts")->title, "5 timeouts, 5 fast recoveries"));
	give(h, 0, 2, (struct counters){.recoveries = 1});
	by_hand_expect(h, "timeouts", NOTHING);
	give(h, 0, 2, (struct counters){.series = 4, .retrans[TCP_CAUSE_RTO] = 4});
	by_hand_expect(h, "timeouts", NOTICE);
	give(h, 0, 2, (struct counters){.series = 1, .retrans[TCP_CAUSE_RTO] = 1});
	by_hand_expect(h, "timeouts", WARNING);
}

static void test_timeouts_one_recovery(void **state)
{
	struct by_hand *h = *state;
	struct counters s = {.conns = 1, .series = 6, .recoveries = 1};

	give(h, 0, 2, s);
	by_hand_find(h);
	assert_non_null(strstr(by_hand_first(h, "timeouts")->title, "1 fast recovery"));
}

/* By the kernel's figures alone: hardly any loss, and hardly any time. */
static void test_timeouts_that_do_not_matter(void **state)
{
	struct by_hand *h = *state;
	struct counters s = lossy(9, 999, 1000000);

	s.timeouts = 5;
	s.established = 101;
	s.timed_out = 1;
	give(h, 0, 2, s);
	by_hand_expect(h, "timeouts", NOTHING);
	give(h, 0, 2, (struct counters){.timed_out = 1});
	by_hand_expect(h, "timeouts", NOTICE);
}

static void test_tail_loss(void **state)
{
	struct by_hand *h = *state;
	struct counters s = {.conns = 1, .tlp_recovered = 4, .recoveries = 11};

	give(h, 0, 2, s);
	by_hand_expect(h, "tail-loss", NOTHING);
	give(h, 0, 2, (struct counters){.tlp_recovered = 1});
	by_hand_expect(h, "tail-loss", NOTICE);
	give(h, 0, 2, (struct counters){.recoveries = 1});
	by_hand_expect(h, "tail-loss", NOTHING);
	give(h, 0, 2, (struct counters){.tlp_recovered = 10});
	give(h, 0, 2, lossy(0, 999, 1000000));
	by_hand_expect(h, "tail-loss", NOTHING);
	give(h, 0, 2, lossy(0, 1, 0));
	by_hand_expect(h, "tail-loss", NOTICE);
	give(h, 0, 2, lossy(0, 9000, 0));
	by_hand_expect(h, "tail-loss", WARNING);
}

static void stall(struct by_hand *h, uint32_t id, uint8_t peer, unsigned int run,
		  enum tcp_ending ending)
{
	struct tcp_conn c = {.id = id,
			     .was_established = true,
			     .ending = ending,
			     .seen_ns = 1001 * NSEC_PER_SEC,
			     .end_ns = 1009 * NSEC_PER_SEC};
	const struct conn_subject s = caller_of(1, peer, 443);
	struct conn_history *t;

	c.local = s.local;
	c.remote = s.remote;
	assert_int_equal(conn_histories_of(&h->in.conn_histories, &c, &t), 0);
	for (unsigned int i = 0; i < run; i++) {
		const struct history_event m = {.ts_ns = 1002 * NSEC_PER_SEC + (200000000u << i),
						.kind = HISTORY_RETRANSMIT,
						.detail = TCP_CAUSE_RTO,
						.value = 200000u << i};

		conn_history_timeout(t, m.ts_ns, m.value);
		assert_int_equal(conn_histories_add(&h->in.conn_histories, t, &m), 0);
	}
	h->in.n_stalled += run >= STALL_TIMEOUTS;
	h->in.n_stalled_open += run >= STALL_TIMEOUTS && ending == TCP_ENDING_OPEN;
	h->in.n_stalled_dead += run >= STALL_TIMEOUTS && ending == TCP_ENDING_TIMEOUT;
	worst_conns_offer(&h->in.worst_conns, &c, conn_histories_take(&h->in.conn_histories, &c),
			  &h->in.conn_histories);
	worst_conns_sort(&h->in.worst_conns);
}

static void test_stalled(void **state)
{
	struct by_hand *h = *state;
	const struct document_finding *x;

	stall(h, 1, 2, 2, TCP_ENDING_OPEN);
	by_hand_expect(h, "stalled", NOTHING);
	stall(h, 2, 2, 3, TCP_ENDING_LOCAL_FIN);
	by_hand_expect(h, "stalled", WARNING);
	stall(h, 3, 3, 4, TCP_ENDING_OPEN);
	by_hand_expect(h, "stalled", CRITICAL);
	assert_int_equal(by_hand_count(h, "stalled"), 2);
	x = by_hand_first(h, "stalled");
	assert_non_null(strstr(x->title, "is stuck"));
	assert_non_null(strstr(x->title, "10.0.1.3:443, 4 timeouts in a row"));
	assert_string_equal(x->evidence[3].key, "ladder");
	assert_memory_equal(x->evidence[3].cell.str, "0.40, 0.80, 1.60 s", 18);
	assert_string_equal(x->command, "tcptape retrans -r --addr 10.0.1.3 --lport 40000 a.tape");
}

static void test_stalled_to_death(void **state)
{
	struct by_hand *h = *state;

	stall(h, 1, 2, 3, TCP_ENDING_TIMEOUT);
	by_hand_expect(h, "stalled", CRITICAL);
}

/* Of many the worst as an example, and how many there were. */
static void test_stalled_many(void **state)
{
	struct by_hand *h = *state;

	for (uint32_t i = 1; i <= 30; i++)
		stall(h, i, (uint8_t)i, 3 + i % 2, TCP_ENDING_LOCAL_FIN);
	by_hand_expect(h, "stalled", WARNING);
	assert_int_equal(by_hand_count(h, "stalled"), 2);
	assert_non_null(strstr(by_hand_first(h, "stalled")->title, "30 connections were stuck"));
}

static void hit(struct by_hand *h, uint32_t second, uint8_t n_peers)
{
	for (uint8_t i = 0; i < n_peers; i++) {
		const struct conn_subject s = caller_of(i, 9, 443);
		struct counter_sets sets;

		assert_int_equal(gathered_sets_of(&h->in, &s, &sets), 0);
		sets.peer->last_second = second + 1;
		h->in.seconds[second].peers++;
		h->in.seconds[second].retrans++;
		h->in.seconds[second].late++;
		h->in.seconds[second].most = 1;
	}
}

static void test_synchronised(void **state)
{
	struct by_hand *h = *state;

	h->in.n_seconds = 16;
	h->in.seconds = calloc(16, sizeof(*h->in.seconds));
	assert_non_null(h->in.seconds);
	hit(h, 5, 4);
	by_hand_expect(h, "synchronised", NOTHING);
	hit(h, 8, 7);
	by_hand_expect(h, "synchronised", NOTHING);
	/* No more than three tenths of it lie elsewhere. */
	h->in.seconds[5].retrans = 3;
	by_hand_expect(h, "synchronised", WARNING);
	h->in.seconds[5].retrans = 4;
	by_hand_expect(h, "synchronised", NOTHING);
}

/* One with most of it is a trouble of its own; losses that later segments mended are no outage. */
static void test_synchronised_by_chance(void **state)
{
	struct by_hand *h = *state;

	h->in.n_seconds = 16;
	h->in.seconds = calloc(16, sizeof(*h->in.seconds));
	assert_non_null(h->in.seconds);
	hit(h, 8, 6);
	by_hand_expect(h, "synchronised", WARNING);
	h->in.seconds[8].late = 3;
	by_hand_expect(h, "synchronised", WARNING);
	h->in.seconds[8].late = 2;
	by_hand_expect(h, "synchronised", NOTHING);
	h->in.seconds[8].late = 6;
	h->in.seconds[8].most = 4;
	by_hand_expect(h, "synchronised", NOTHING);
}

/* Peers that are hit all the time are not hit together. */
static void test_synchronised_all_the_time(void **state)
{
	struct by_hand *h = *state;

	h->in.n_seconds = 16;
	h->in.seconds = calloc(16, sizeof(*h->in.seconds));
	assert_non_null(h->in.seconds);
	for (uint32_t i = 0; i < 5; i++)
		hit(h, i, 6);
	by_hand_expect(h, "synchronised", WARNING);
	hit(h, 5, 6);
	by_hand_expect(h, "synchronised", NOTHING);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, by_hand_setup, by_hand_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loss_levels),
		TEST(test_loss_needless),
		TEST(test_loss_names_one_of_many),
		TEST(test_loss_names_the_network),
		TEST(test_loss_blames_nobody),
		cmocka_unit_test(test_loss_share),
		cmocka_unit_test(test_loss_names_a_few),
		TEST(test_loss_without_a_rate),
		TEST(test_loss_of_one_without_a_rate),
		TEST(test_loss_of_stalls),
		TEST(test_timeouts),
		TEST(test_timeouts_one_recovery),
		TEST(test_timeouts_that_do_not_matter),
		TEST(test_tail_loss),
		TEST(test_stalled),
		TEST(test_stalled_to_death),
		TEST(test_stalled_many),
		TEST(test_synchronised),
		TEST(test_synchronised_by_chance),
		TEST(test_synchronised_all_the_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
