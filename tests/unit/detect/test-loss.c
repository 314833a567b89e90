// SPDX-License-Identifier: MIT
/* Loss: how much is a finding, whom it is attributed to, on both sides of each threshold. */
#include "support/scene.h"

#include <string.h>

#define NOTICE	 DOCUMENT_NOTICE
#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

/* A connection to a peer: so many segments and bytes retransmitted, of so many bytes sent. */
static void give(struct scene *s, uint8_t net, uint8_t host, uint32_t segs, uint64_t retrans,
		 uint64_t sent)
{
	scene_transfer(s, net, host,
		       &(struct tcp_info_growth){
			       .retrans_segs = segs, .retrans_bytes = retrans, .sent_bytes = sent});
}

static void level_of(void **state, uint32_t segs, uint64_t retrans, uint64_t sent, int level)
{
	struct scene *s = scene_anew(state);

	give(s, 0, 2, segs, retrans, sent);
	scene_expect(s, "loss", level);
}

static void test_loss_levels(void **state)
{
	level_of(state, 4, 100000, 1000000, NOTHING);
	/* A few are enough at a very high rate. */
	level_of(state, 5, 49999, 1000000, NOTHING);
	level_of(state, 5, 50000, 1000000, NOTICE);
	level_of(state, 9, 49999, 1000000, NOTHING);
	level_of(state, 9, 500000, 1000000, NOTICE);
	level_of(state, 10, 999, 1000000, NOTHING);
	level_of(state, 10, 1000, 1000000, NOTICE);
	level_of(state, 10, 9999, 1000000, NOTICE);
	level_of(state, 10, 10000, 1000000, WARNING);
	level_of(state, 30, 49999, 1000000, WARNING);
	level_of(state, 30, 50000, 1000000, CRITICAL);
	level_of(state, 29, 50000, 1000000, WARNING);
	level_of(state, 1000000, 0, 1000000, NOTHING);
}

/* Segments that arrived twice (DSACK) were not lost. Where most were, it takes more to speak of
 * loss. */
static void spurious(void **state, uint64_t retrans, uint32_t dsacks, int level)
{
	struct scene *s = scene_anew(state);

	scene_transfer(s, 0, 2,
		       &(struct tcp_info_growth){.retrans_segs = 20,
						 .dsacks = dsacks,
						 .retrans_bytes = retrans,
						 .sent_bytes = 1000000});
	scene_expect(s, "loss", level);
}

static void test_loss_without_spurious_retransmissions(void **state)
{
	spurious(state, 11000, 0, WARNING);
	/* A tenth had arrived: 9,900 bytes of a million are left. */
	spurious(state, 11000, 2, NOTICE);
	/* Half had arrived: from now on less than 1 % is no loss. */
	spurious(state, 19980, 10, NOTHING);
	spurious(state, 20000, 10, WARNING);
	assert_string_equal(scene_first(*state, "loss")->sure, "likely");
	spurious(state, 1000000, 20, NOTHING);
}

static void test_loss_names_one_of_many(void **state)
{
	struct scene *s = *state;

	for (uint8_t i = 1; i < 100; i++)
		give(s, i, 9, 0, 0, 100000);
	give(s, 100, 7, 50, 8000, 100000);
	scene_expect(s, "loss", CRITICAL);
	assert_int_equal(scene_count(s, "loss"), 1);
	assert_non_null(strstr(scene_first(s, "loss")->title, "8.0% of the bytes to 10.0.100.7 "));
	assert_string_equal(scene_first(s, "loss")->command,
			    "tcptape life -w --addr 10.0.100.7 a.tape");
	assert_string_equal(scene_first(s, "loss")->sure, "certain");
}

/* All peers of a network lose alike: the network is named. */
static void test_loss_names_the_network(void **state)
{
	struct scene *s = *state;

	for (uint8_t i = 1; i <= 20; i++) {
		give(s, 5, i, 15, 2000, 100000);
		give(s, 6, i, 0, 10, 100000);
	}
	scene_expect(s, "loss", WARNING);
	assert_int_equal(scene_count(s, "loss"), 1);
	assert_non_null(strstr(scene_first(s, "loss")->title, " 10.0.5.0/24 "));
}

/* Where nobody has 80 % of it and all else is five times cleaner, nobody is blamed. */
static void test_loss_blames_nobody(void **state)
{
	struct scene *s = *state;

	for (uint8_t i = 1; i <= 20; i++)
		give(s, i, 2, 12, 1000 + i, 100000);
	scene_expect(s, "loss", WARNING);
	assert_int_equal(scene_count(s, "loss"), 1);
	assert_non_null(strstr(scene_first(s, "loss")->title, "to 20 of 20 peers"));
}

/* Is the peer named that has so much of 10,000 bytes? */
static void share(void **state, uint64_t part, bool is_named)
{
	struct scene *s = scene_anew(state);

	give(s, 1, 2, 50, part, 90000);
	for (uint8_t i = 0; i < 100; i++)
		give(s, 2, i, 1, (10000 - part) / 100, 90000);
	scene_find(s);
	assert_non_null(scene_first(s, "loss"));
	assert_int_equal(!!strstr(scene_first(s, "loss")->title, " 10.0.1.2 "), is_named);
}

static void test_loss_share(void **state)
{
	share(state, 8000, true);
	share(state, 7900, false);
}

/* Is the peer named, when the rest has so many bytes of loss in a million? It has 1 %. */
static void rest(void **state, uint64_t rest_bytes, bool is_named)
{
	struct scene *s = scene_anew(state);

	give(s, 1, 2, 1000, 100000, 10000000);
	give(s, 2, 2, (uint32_t)(rest_bytes / 100), rest_bytes, 1000000);
	scene_find(s);
	assert_int_equal(!!strstr(scene_first(s, "loss")->title, " 10.0.1.2 "), is_named);
}

static void test_loss_is_apart_if_the_rest_is_five_times_cleaner(void **state)
{
	rest(state, 2000, true);
	rest(state, 2100, false);
}

/* Two or three peers that explain it together are each named; four are not. */
static void few(void **state, uint8_t n, size_t findings)
{
	struct scene *s = scene_anew(state);

	for (uint8_t i = 0; i < 40; i++) {
		bool is_bad = i % 10 == 0 && i / 10 < n;

		give(s, i, 2, is_bad ? 20 : 0, is_bad ? 3000 : 0, 100000);
	}
	scene_find(s);
	assert_int_equal(scene_count(s, "loss"), findings);
}

static void test_loss_names_a_few(void **state)
{
	few(state, 2, 2);
	few(state, 3, 3);
	few(state, 4, 1);
}

/* Of several groups that explain the loss, the one with the least traffic is named: a destination
 * rather than its peer, and a peer rather than its network. */
static void test_loss_names_the_narrowest(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c;

	for (uint8_t i = 1; i <= 20; i++)
		give(s, i, 9, 0, 0, 100000);
	/* Another port of the same peer is clean, and carries more than a twentieth of its traffic.
	 * */
	c = scene_call(s, 50, 2, 80);
	scene_final(s, c, &(struct tcp_info_growth){.sent_bytes = 20000});
	scene_end(s, c);
	give(s, 50, 2, 50, 8000, 100000);
	scene_find(s);
	assert_non_null(strstr(scene_first(s, "loss")->title, " 10.0.50.2:443 "));

	s = scene_anew(state);
	for (uint8_t i = 1; i <= 20; i++)
		give(s, i, 9, 0, 0, 100000);
	/* A neighbour is clean: it is not the network. */
	give(s, 50, 3, 0, 0, 100000);
	give(s, 50, 2, 50, 8000, 100000);
	scene_find(s);
	assert_non_null(strstr(scene_first(s, "loss")->title, " 10.0.50.2 "));
}

/* A narrower group with nearly the same traffic is no better explanation: the peer is named, though
 * the destination has a twenty-fifth less. */
static void test_loss_names_the_wider_of_nearly_equals(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c;

	for (uint8_t i = 1; i <= 20; i++)
		give(s, i, 9, 0, 0, 100000);
	c = scene_call(s, 50, 2, 80);
	scene_final(s, c, &(struct tcp_info_growth){.sent_bytes = 4000});
	scene_end(s, c);
	give(s, 50, 2, 50, 8000, 100000);
	scene_find(s);
	assert_non_null(strstr(scene_first(s, "loss")->title, " 10.0.50.2 "));
}

/* A port is compared with the other ports of the same side alone. */
static void test_loss_names_the_port(void **state)
{
	struct scene *s = *state;

	for (uint8_t i = 1; i <= 20; i++) {
		struct tcp_conn *c = scene_call(s, i, i, 80);

		scene_final(s, c, &(struct tcp_info_growth){.sent_bytes = 100000});
		scene_end(s, c);
		give(s, i, i, 20, 3000, 100000);
	}
	scene_find(s);
	assert_int_equal(scene_count(s, "loss"), 1);
	assert_non_null(strstr(scene_first(s, "loss")->title, " port 443 "));
}

/* What is sent to this host's own clients says nothing of the ports that it calls. */
static void test_loss_does_not_compare_ports_of_both_sides(void **state)
{
	struct scene *s = *state;

	for (uint8_t i = 1; i <= 20; i++) {
		struct tcp_conn *c = scene_serve(s, i, i, 80);

		scene_final(s, c, &(struct tcp_info_growth){.sent_bytes = 100000});
		scene_end(s, c);
		give(s, i, i, 20, 3000, 100000);
	}
	scene_find(s);
	assert_int_equal(scene_count(s, "loss"), 1);
	assert_non_null(strstr(scene_first(s, "loss")->title, "to 20 of 20 peers"));
}

/* Two of three peers are most of them: then they are not named. */
static void test_loss_names_no_majority(void **state)
{
	struct scene *s = *state;

	give(s, 1, 2, 20, 3000, 100000);
	give(s, 2, 2, 20, 3000, 100000);
	give(s, 3, 2, 0, 0, 100000);
	scene_find(s);
	assert_int_equal(scene_count(s, "loss"), 1);
	assert_non_null(strstr(scene_first(s, "loss")->title, "to 2 of 3 peers"));
}

static void retransmit_mixed(struct scene *s, const struct tcp_conn *c, size_t n_rto, size_t n_fast)
{
	while (n_rto || n_fast) {
		if (n_rto && n_rto--)
			scene_retransmit(s, c, TCP_CAUSE_RTO);
		if (n_fast && n_fast--)
			scene_retransmit(s, c, TCP_CAUSE_FAST);
	}
}

/* Without a rate, a tenth of the connections must be hit, by five timeouts. */
static void without_rate(void **state, size_t n_rto, size_t n_fast, size_t n_conns, int level)
{
	struct scene *s = scene_anew(state);
	struct tcp_conn *c = scene_call(s, 0, 2, 443);

	retransmit_mixed(s, c, n_rto, n_fast);
	c->n_retrans = (uint32_t)(n_rto + n_fast);
	scene_end(s, c);
	scene_end_calls(s, n_conns - 1, 0, 2, 443);
	scene_expect(s, "loss", level);
}

static void test_loss_without_a_rate(void **state)
{
	without_rate(state, 4, 6, 10, NOTHING);
	without_rate(state, 5, 4, 10, NOTHING);
	without_rate(state, 5, 5, 10, WARNING);
	assert_string_equal(scene_first(*state, "loss")->sure, "possible");
	without_rate(state, 5, 5, 11, NOTHING);
}

/* Without a rate, a peer is named that has 80 % of 30, and at most half of the connections. */
static void named_without_rate(void **state, size_t n_fast, size_t n_conns, int level)
{
	struct scene *s = scene_anew(state);

	for (size_t i = 0; i < 3; i++) {
		struct tcp_conn *c = scene_call(s, 0, 2, 443);

		retransmit_mixed(s, c, 0, i ? 1 : n_fast - 2);
		c->n_retrans = 1;
		scene_end(s, c);
	}
	scene_end_calls(s, n_conns - 3, 0, 2, 443);
	scene_end_calls(s, 10, 0, 3, 443);
	/* Less than a tenth of the connections are hit, so that nothing is said of all. */
	scene_end_calls(s, 100, 0, 2, 443);
	scene_end_calls(s, 100, 0, 3, 443);
	scene_expect(s, "loss", level);
}

static void test_loss_of_one_without_a_rate(void **state)
{
	named_without_rate(state, 29, 10, NOTHING);
	named_without_rate(state, 30, 10, WARNING);
	assert_string_equal(scene_first(*state, "loss")->title,
			    "30 of 30 retransmissions went to 10.0.0.2, which has 110 of 220 "
			    "connections");
	named_without_rate(state, 30, 11, NOTHING);
}

/* What stalled connections retransmit again and again is no measure of a rate of loss. */
static void test_loss_without_stalls(void **state)
{
	for (int is_stalled = 0; is_stalled <= 1; is_stalled++) {
		struct scene *s = scene_anew(state);
		struct tcp_conn *c = scene_call(s, 0, 2, 443);

		retransmit_mixed(s, c, 16, is_stalled ? 0 : 16);
		c->n_retrans = 20;
		scene_final(s, c,
			    &(struct tcp_info_growth){.retrans_segs = 20,
						      .retrans_bytes = 20000,
						      .sent_bytes = 100000});
		scene_end(s, c);
		scene_expect(s, "loss", is_stalled ? NOTHING : CRITICAL);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_loss_levels),
		TEST(test_loss_without_spurious_retransmissions),
		TEST(test_loss_names_one_of_many),
		TEST(test_loss_names_the_network),
		TEST(test_loss_names_the_narrowest),
		TEST(test_loss_names_the_wider_of_nearly_equals),
		TEST(test_loss_names_the_port),
		TEST(test_loss_does_not_compare_ports_of_both_sides),
		TEST(test_loss_names_no_majority),
		TEST(test_loss_blames_nobody),
		TEST(test_loss_share),
		TEST(test_loss_is_apart_if_the_rest_is_five_times_cleaner),
		TEST(test_loss_names_a_few),
		TEST(test_loss_without_a_rate),
		TEST(test_loss_of_one_without_a_rate),
		TEST(test_loss_without_stalls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
