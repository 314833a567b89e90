// SPDX-License-Identifier: MIT
/* Connects that fail, get no answer or take long, on both sides of each threshold. */
#include "support/scene.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "tcp/closer.h"

#define NOTICE	 DOCUMENT_NOTICE
#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

static void silent(void **state, size_t n, uint32_t syns, size_t ok, int level)
{
	struct scene *s = scene_anew(state);

	scene_end_attempts(s, n, 1, 2, 443, TCP_ENDING_TIMEOUT, 0, syns);
	scene_end_calls(s, ok, 1, 2, 443);
	scene_expect(s, "unreachable", level);
}

static void test_unreachable(void **state)
{
	silent(state, 1, 2, 0, NOTHING);
	silent(state, 1, 3, 0, WARNING);
	silent(state, 2, 1, 0, NOTHING);
	silent(state, 3, 0, 0, CRITICAL);
	/* It answers others: then three must go unanswered, and 5 % of all. */
	silent(state, 2, 4, 1, NOTHING);
	silent(state, 3, 1, 57, WARNING);
	silent(state, 3, 1, 58, NOTHING);
}

/* Three attempts that go on, or that their process gave up. */
static struct scene *left_after(void **state, enum tcp_ending ending, uint64_t ms)
{
	struct scene *s = scene_anew(state);

	for (size_t i = 0; i < 3; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, 443);

		c->was_established = false;
		c->established_ns = 0;
		c->ending = ending;
		c->end_ns = c->seen_ns + ms * NSEC_PER_MSEC;
		scene_end(s, c);
	}
	return s;
}

/* An attempt that is young at the end of the tape was not left without an answer. One that its
 * process gave up was, unless there was hardly any time for an answer. */
static void test_unreachable_waits_for_an_answer(void **state)
{
	struct scene *s;

	scene_expect(left_after(state, TCP_ENDING_ABORTED, 200), "unreachable", CRITICAL);
	scene_expect(left_after(state, TCP_ENDING_ABORTED, 13), "unreachable", CRITICAL);
	s = left_after(state, TCP_ENDING_ABORTED, 7);
	scene_expect(s, "unreachable", NOTICE);
	assert_string_equal(scene_first(s, "unreachable")->title,
			    "3 of 3 connects to 10.0.1.2:443 were given up at once");
	scene_expect(left_after(state, TCP_ENDING_OPEN, 999), "unreachable", NOTHING);
	scene_expect(left_after(state, TCP_ENDING_OPEN, 1000), "unreachable", CRITICAL);
}

/* On a long way an answer takes as long as the connections that were established. */
static void test_unreachable_knows_the_round_trip(void **state)
{
	struct scene *s = left_after(state, TCP_ENDING_ABORTED, 150);
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	c->established_ns = c->seen_ns + 300 * NSEC_PER_MSEC;
	scene_end(s, c);
	scene_expect(s, "unreachable", NOTICE);
	s = left_after(state, TCP_ENDING_ABORTED, 150);
	scene_end_calls(s, 1, 1, 2, 443);
	scene_expect(s, "unreachable", WARNING);
}

/* Its own firewall drops each SYN; an attempt to an address that nobody else has reached. */
static void test_unreachable_names_this_host(void **state)
{
	struct scene *s = *state;

	for (size_t i = 0; i < 3; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, 443);

		c->was_established = false;
		c->established_ns = 0;
		c->ending = TCP_ENDING_TIMEOUT;
		scene_cold(s, c)->n_failed = 2;
		scene_end(s, c);
	}
	scene_expect(s, "unreachable", CRITICAL);
	assert_non_null(strstr(scene_first(s, "unreachable")->meaning, "did not leave this host"));
}

/* Only a kernel that reports every ICMP error lets it be told that none came. */
static void test_unreachable_doubts_what_is_not_reported(void **state)
{
	struct scene *s = scene_anew(state);

	scene_end_attempts(s, 3, 1, 2, 443, TCP_ENDING_TIMEOUT, 0, 3);
	scene_expect(s, "unreachable", CRITICAL);
	assert_null(scene_first(s, "unreachable")->doubt);
	s = scene_anew(state);
	s->context.recorded &= ~TCP_KIND_BIT(TCP_KIND_CONG_STATE);
	scene_end_attempts(s, 3, 1, 2, 443, TCP_ENDING_TIMEOUT, 0, 3);
	scene_expect(s, "unreachable", CRITICAL);
	assert_non_null(strstr(scene_first(s, "unreachable")->doubt, "does not show ICMP errors"));
	s = scene_anew(state);
	s->context.recorded &= ~TCP_KIND_BIT(TCP_KIND_ERROR_REPORT);
	scene_end_attempts(s, 3, 1, 2, 443, TCP_ENDING_TIMEOUT, 0, 3);
	scene_end_attempts(s, 1, 1, 2, 443, TCP_ENDING_ERROR, EHOSTUNREACH, 0);
	scene_find(s);
	assert_string_equal(scene_first(s, "unreachable")->sure, "likely");
}

/* Attempts that their process left for another address, which had answered meanwhile. */
static void superseded_after(void **state, uint64_t ms, int level)
{
	struct scene *s = scene_anew(state);

	for (size_t i = 0; i < 3; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, 443);

		c->was_established = false;
		c->established_ns = 0;
		c->ending = TCP_ENDING_ABORTED;
		c->end_ns = c->seen_ns + ms * NSEC_PER_MSEC;
		scene_attempt(s, c)->rival_ns = c->end_ns - NSEC_PER_MSEC;
		c->cold->attempt->rival = scene_peer(1, 3, 0).addr;
		scene_end(s, c);
	}
	scene_expect(s, "unreachable", level);
	assert_int_equal(s->in.total.attempts.failed, 0);
}

static void test_unreachable_with_a_rival(void **state)
{
	superseded_after(state, 250, NOTHING);
	superseded_after(state, 999, NOTHING);
	superseded_after(state, 1000, NOTICE);
	assert_string_equal(scene_first(*state, "unreachable")->title,
			    "3 of 3 connects to 10.0.1.2:443 were given up for another address");
}

/* Connections that are older than the recording show that the destination is there. */
static void test_unreachable_answered_before(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	c->origin = TCP_ORIGIN_TABLE;
	c->is_born = false;
	c->is_client = true;
	c->ending = TCP_ENDING_OPEN;
	scene_end(s, c);
	scene_end_attempts(s, 5, 1, 2, 443, TCP_ENDING_TIMEOUT, 0, 2);
	scene_expect(s, "unreachable", WARNING);
	assert_non_null(strstr(scene_first(s, "unreachable")->meaning, "Others were answered"));
	/* Another port of the same host. */
	s = scene_anew(state);
	c = scene_call(s, 1, 2, 80);
	c->origin = TCP_ORIGIN_TABLE;
	c->is_born = false;
	c->is_client = true;
	scene_end(s, c);
	scene_end_attempts(s, 5, 1, 2, 443, TCP_ENDING_TIMEOUT, 0, 2);
	scene_expect(s, "unreachable", CRITICAL);
}

/* What a router or this host says of a destination is no answer of the destination. */
static void test_unreachable_says_another(void **state)
{
	struct scene *s = *state;

	scene_end_attempts(s, 4, 1, 2, 443, TCP_ENDING_TIMEOUT, 0, 2);
	scene_end_attempts(s, 1, 1, 2, 443, TCP_ENDING_ERROR, EHOSTUNREACH, 1);
	scene_expect(s, "unreachable", CRITICAL);
	assert_null(strstr(scene_first(s, "unreachable")->meaning, "Others were answered"));
}

/* A dead server in a list: its process gives it up, and connects to the next one. */
static void next_after(void **state, uint64_t ms, size_t n_next, int level)
{
	struct scene *s = scene_anew(state);

	for (size_t i = 0; i < 20; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, 443);

		c->was_established = false;
		c->established_ns = 0;
		c->ending = TCP_ENDING_ABORTED;
		c->end_ns = c->seen_ns + ms * NSEC_PER_MSEC;
		scene_attempt(s, c)->rival_ns = i < n_next ? c->end_ns + NSEC_PER_MSEC : 0;
		c->cold->attempt->rival = scene_peer(1, 3, 0).addr;
		scene_end(s, c);
	}
	scene_expect(s, "unreachable", level);
	assert_int_equal(s->in.total.attempts.failed, 20);
}

static void test_unreachable_goes_to_the_next(void **state)
{
	next_after(state, 250, 20, NOTICE);
	next_after(state, 250, 19, NOTICE);
	next_after(state, 250, 18, CRITICAL);
	next_after(state, 2000, 20, WARNING);
	next_after(state, 2000, 0, CRITICAL);
}

static void test_unreachable_is_told(void **state)
{
	struct scene *s = *state;

	scene_end_attempts(s, 3, 1, 2, 443, TCP_ENDING_TIMEOUT, 0, 2);
	scene_find(s);
	assert_non_null(strstr(scene_first(s, "unreachable")->title, "10.0.1.2:443 "));
	assert_string_equal(scene_first(s, "unreachable")->command,
			    "tcptape connects --addr 10.0.1.2 --rport 443 a.tape");
}

static void silent_destinations(void **state, uint8_t n, size_t findings)
{
	struct scene *s = scene_anew(state);

	for (uint8_t i = 1; i <= n; i++)
		scene_end_attempts(s, 3, 1, i, 443, TCP_ENDING_TIMEOUT, 0, 0);
	scene_find(s);
	assert_int_equal(scene_count(s, "unreachable"), findings);
}

/* There are only a handful of findings, even where this host scans the internet. */
static void test_unreachable_many(void **state)
{
	silent_destinations(state, 5, 5);
	silent_destinations(state, 200, 5);
	assert_non_null(
		strstr(scene_first(*state, "unreachable")->title, "196 other destinations"));
}

static void refused(void **state, size_t n, size_t attempts, int level)
{
	struct scene *s = scene_anew(state);

	scene_end_attempts(s, n, 1, 2, 443, TCP_ENDING_REMOTE_RESET, 0, 0);
	scene_end_calls(s, attempts - n, 1, 2, 443);
	scene_expect(s, "connects", level);
}

static void test_connects(void **state)
{
	refused(state, 2, 2, NOTHING);
	refused(state, 3, 60, WARNING);
	refused(state, 3, 61, NOTHING);
	refused(state, 9, 9, WARNING);
	refused(state, 10, 21, WARNING);
	refused(state, 10, 20, CRITICAL);
}

static void test_connects_words(void **state)
{
	struct scene *s = *state;

	scene_end_attempts(s, 3, 1, 2, 443, TCP_ENDING_REMOTE_RESET, 0, 0);
	scene_end_calls(s, 2, 1, 2, 443);
	scene_find(s);
	assert_string_equal(scene_first(s, "connects")->title,
			    "3 of 5 connects to 10.0.1.2:443 were refused");
	s = scene_anew(state);
	scene_end_attempts(s, 6, 1, 2, 443, TCP_ENDING_REMOTE_RESET, 0, 0);
	scene_end_attempts(s, 5, 1, 2, 443, TCP_ENDING_ERROR, EHOSTUNREACH, 0);
	scene_end_calls(s, 4, 1, 2, 443);
	scene_find(s);
	assert_string_equal(scene_first(s, "connects")->title,
			    "11 of 15 connects to 10.0.1.2:443 failed");
	assert_null(scene_first(s, "unreachable"));
}

/* connect() found no local port; or its process then connected to another address. */
static void rejected(struct scene *s, size_t n, bool is_local, bool is_elsewhere)
{
	for (size_t i = 0; i < n; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, 443);

		c->was_established = false;
		c->established_ns = 0;
		c->ending = TCP_ENDING_ERROR;
		scene_attempt(s, c)->closer = is_local ? TCP_CLOSER_CONNECT : TCP_CLOSER_KERNEL;
		c->cold->err = is_local ? EADDRNOTAVAIL : EHOSTUNREACH;
		if (is_elsewhere) {
			c->cold->attempt->rival_ns = c->end_ns + 1;
			c->cold->attempt->rival = scene_peer(1, 3, 0).addr;
		}
		scene_end(s, c);
	}
}

static void test_connects_without_a_port(void **state)
{
	struct scene *s = *state;

	rejected(s, 15, true, false);
	scene_end_calls(s, 10, 1, 2, 443);
	scene_expect(s, "connects", CRITICAL);
	assert_string_equal(
		scene_first(s, "connects")->title,
		"15 of 25 connects to 10.0.1.2:443 found no local port (EADDRNOTAVAIL)");
	assert_non_null(strstr(scene_first(s, "connects")->meaning, "ip_local_port_range"));
}

static const struct document_item *evidence(const struct scene *s, const char *key)
{
	const struct document_finding *x = scene_first(s, "connects");

	for (size_t i = 0; i < x->n_evidence; i++) {
		if (!strcmp(x->evidence[i].key, key))
			return &x->evidence[i];
	}
	return NULL;
}

/* Of one namespace from which this host connects, the range and TIME_WAIT are told; of two, no one
 * knows in which it was. */
static void test_connects_without_a_port_counted(void **state)
{
	for (uint32_t n = 1; n <= 2; n++) {
		struct scene *s = scene_anew(state);

		scene_counters(s,
			       "counter-names 0 sockstat.TCP.tw\n"
			       "setting 1000000000000 7 net.ipv4.ip_local_port_range 40000 40199\n"
			       "counters 7 0 1001000000000 all 0=3\n"
			       "counters 7 1 1002000000000 changes 0=197\n"
			       "counters 7 2 1003000000000 changes 0=-50\n");
		rejected(s, 15, true, false);
		for (uint32_t i = 0; i < n; i++) {
			struct tcp_conn *c = scene_call(s, 1, 2, 443);

			c->netns = 7 + i;
			scene_end(s, c);
		}
		scene_expect(s, "connects", CRITICAL);
		assert_int_equal(evidence(s, "time_wait") != NULL, n == 1);
		assert_int_equal(evidence(s, "port_range") != NULL, n == 1);
		if (n > 1)
			continue;
		assert_int_equal(evidence(s, "time_wait")->cell.u64, 200);
		assert_string_equal(evidence(s, "port_range")->cell.str, "40000 40199");
	}
}

static void test_connects_went_elsewhere(void **state)
{
	struct scene *s = *state;

	rejected(s, 20, false, true);
	scene_expect(s, "connects", NOTICE);
	s = scene_anew(state);
	rejected(s, 18, false, true);
	rejected(s, 2, false, false);
	scene_expect(s, "connects", CRITICAL);
}

static void test_connects_many(void **state)
{
	struct scene *s = *state;

	for (uint8_t i = 1; i <= 7; i++)
		scene_end_attempts(s, 3, 1, i, 443, TCP_ENDING_REMOTE_RESET, 0, 0);
	scene_find(s);
	assert_int_equal(scene_count(s, "connects"), 6);
}

static void slow_by_syn(void **state, size_t n, size_t ok, uint64_t ms, int level)
{
	struct scene *s = scene_anew(state);

	for (size_t i = 0; i < ok; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, 443);

		scene_cold(s, c)->n_syns = i < n;
		if (i < n)
			c->established_ns = c->seen_ns + ms * NSEC_PER_MSEC;
		scene_end(s, c);
	}
	scene_expect(s, "slow-connects", level);
}

static void test_slow_connects_by_syn(void **state)
{
	slow_by_syn(state, 2, 10, 1001, NOTHING);
	slow_by_syn(state, 3, 300, 1001, WARNING);
	slow_by_syn(state, 3, 301, 1001, NOTHING);
	/* By time, not by the count of SYNs. */
	slow_by_syn(state, 3, 10, 990, WARNING);
	slow_by_syn(state, 3, 10, 989, NOTHING);
	/* On a way of more than half a second the answer was under way. */
	slow_by_syn(state, 10, 10, 1001, NOTHING);
}

/* Many SYNs are lost, and no data: rather a full queue or a firewall than a way that loses packets.
 * Few connections prove nothing, nor do those that have sent nothing. */
static void test_slow_connects_without_loss(void **state)
{
	static const struct {
		size_t n, ok;
		uint64_t acked_bytes;
		uint32_t retrans_segs;
		bool is_only_syns;
	} cases[] = {
		{3, 29, 30, 0, true},	 /* the transfer is the 30th */
		{3, 28, 30, 0, false},	 /* too few */
		{3, 30, 31, 0, false},	 /* less than a tenth */
		{3, 29, 29, 0, false},	 /* nothing was sent on some */
		{3, 29, 3000, 1, false}, /* data was lost, too */
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene *s = scene_anew(state);

		for (size_t k = 0; k < cases[i].ok; k++) {
			struct tcp_conn *c = scene_call(s, 1, 2, 443);

			scene_cold(s, c)->n_syns = k < cases[i].n;
			if (k < cases[i].n)
				c->established_ns = c->seen_ns + 1001 * NSEC_PER_MSEC;
			scene_end(s, c);
		}
		scene_transfer(s, 1, 2,
			       &(struct tcp_info_growth){.acked_bytes = cases[i].acked_bytes,
							 .sent_bytes = cases[i].acked_bytes,
							 .retrans_segs = cases[i].retrans_segs});
		scene_expect(s, "slow-connects", WARNING);
		assert_string_equal(scene_first(s, "slow-connects")->place,
				    cases[i].is_only_syns ? "unknown" : "network");
		assert_int_equal(strstr(scene_first(s, "slow-connects")->meaning, "Only SYNs") !=
					 NULL,
				 cases[i].is_only_syns);
	}
}

/* The first SYN is answered for an earlier connection: this host sends a RST, and the SYN again. */
static void test_slow_connects_met_an_earlier_connection(void **state)
{
	struct scene *s = *state;

	for (size_t i = 0; i < 4; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, 443);

		c->established_ns = c->seen_ns + 12 * NSEC_PER_MSEC;
		scene_cold(s, c)->n_syns = i > 0;
		scene_attempt(s, c)->n_resets_sent = i > 0;
		scene_end(s, c);
	}
	scene_expect(s, "slow-connects", NOTICE);
	assert_string_equal(
		scene_first(s, "slow-connects")->title,
		"3 of 4 connects to 10.0.1.2:443 met the remains of an earlier connection");
}

static void end_with_latency(struct scene *s, size_t n, uint64_t ms)
{
	while (n--) {
		struct tcp_conn *c = scene_call(s, 1, 2, 443);

		c->established_ns = c->seen_ns + ms * NSEC_PER_MSEC;
		scene_end(s, c);
	}
}

/* A destination whose round trip is known from a connect, or by the kernel's own measure. */
static void slower(void **state, size_t n, uint64_t ms, uint64_t least_ms, uint32_t rtt_ms,
		   int level)
{
	struct scene *s = scene_anew(state);
	struct tcp_conn_info info = {.has_min_rtt = true, .min_rtt_us = rtt_ms * 1000};
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	end_with_latency(s, n - 1, ms);
	c->established_ns = c->seen_ns + least_ms * NSEC_PER_MSEC;
	c->tcp_info = &info;
	scene_end(s, c);
	scene_expect(s, "slow-connects", level);
	c->tcp_info = NULL;
}

static void test_slow_connects_by_latency(void **state)
{
	slower(state, 20, 500, 10, 0, NOTICE);
	slower(state, 19, 500, 10, 0, NOTHING);
	slower(state, 20, 150, 1, 0, NOTHING);
	/* A long way. */
	slower(state, 40, 300, 300, 0, NOTHING);
	slower(state, 40, 300, 300, 299, NOTHING);
	slower(state, 20, 500, 100, 0, NOTHING);
	/* Each connect took long, though the way is short. */
	slower(state, 20, 500, 500, 5, NOTICE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_unreachable),
		TEST(test_unreachable_waits_for_an_answer),
		TEST(test_unreachable_knows_the_round_trip),
		TEST(test_unreachable_names_this_host),
		TEST(test_unreachable_doubts_what_is_not_reported),
		TEST(test_unreachable_with_a_rival),
		TEST(test_unreachable_answered_before),
		TEST(test_unreachable_says_another),
		TEST(test_unreachable_goes_to_the_next),
		TEST(test_unreachable_is_told),
		TEST(test_unreachable_many),
		TEST(test_connects),
		TEST(test_connects_words),
		TEST(test_connects_without_a_port),
		TEST(test_connects_without_a_port_counted),
		TEST(test_connects_went_elsewhere),
		TEST(test_connects_many),
		TEST(test_slow_connects_by_syn),
		TEST(test_slow_connects_without_loss),
		TEST(test_slow_connects_met_an_earlier_connection),
		TEST(test_slow_connects_by_latency),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
