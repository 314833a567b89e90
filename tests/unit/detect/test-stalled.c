// SPDX-License-Identifier: MIT
/* Connections with several timeouts in a row. */
#include "support/scene.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "tcp/names.h"

#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

/* When timeout i of a run comes. */
static uint64_t timeout_ns(unsigned int i)
{
	return (SCENE_START_S + 2) * NSEC_PER_SEC + (200 * NSEC_PER_MSEC << i);
}

static void feed_timeouts(struct scene *s, const struct tcp_conn *c, unsigned int from,
			  unsigned int to, int32_t err)
{
	for (unsigned int i = from; i < to; i++) {
		struct tcp_event e = scene_event(s, TCP_KIND_RETRANSMIT, c);

		e.ts_ns = timeout_ns(i);
		e.cause = TCP_CAUSE_RTO;
		e.rto_us = 200000u << i;
		/* The first one is sent, and lost on the way. */
		e.err = i ? err : 0;
		e.present = TCP_FIELD_BIT(TCP_FIELD_ERR);
		scene_feed(s, &e);
	}
}

static struct tcp_conn *stalling(struct scene *s, uint8_t host, unsigned int run, int32_t err)
{
	struct tcp_conn *c = scene_call(s, 1, host, 443);

	feed_timeouts(s, c, 0, run, err);
	return c;
}

/* The peer of c acknowledges something on another connection. */
static void answer_elsewhere(struct scene *s, const struct tcp_conn *c, uint64_t ts_ns)
{
	struct tcp_event e = scene_event(s, TCP_KIND_SET_STATE, c);
	struct tcp_conn other = *c;

	other.id = ++s->n_conns;
	other.local.port++;
	e.conn = &other;
	e.ts_ns = ts_ns;
	e.oldstate = TCP_STATE_SYN_SENT;
	e.newstate = TCP_STATE_ESTABLISHED;
	scene_feed(s, &e);
}

/* The last figures of a connection, which still waits or was given up. */
static void figures(struct scene *s, struct tcp_conn *c, const struct tcp_info_values *values)
{
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_FINAL, c);

	e.ts_ns = c->end_ns;
	e.tcp_info = values;
	scene_feed(s, &e);
}

static bool says(const struct scene *s, const char *words)
{
	const struct document_finding *x = scene_first(s, "stalled");

	return x && (strstr(x->meaning, words) || strstr(x->title, words));
}

static void end_stalling(struct scene *s, uint8_t host, unsigned int run, enum tcp_ending ending)
{
	struct tcp_conn *c = stalling(s, host, run, 0);

	c->ending = (uint8_t)ending;
	scene_end(s, c);
}

static void stall(void **state, unsigned int run, enum tcp_ending ending, int level)
{
	struct scene *s = scene_anew(state);

	end_stalling(s, 2, run, ending);
	scene_expect(s, "stalled", level);
}

static void test_stalled(void **state)
{
	stall(state, 2, TCP_ENDING_OPEN, NOTHING);
	stall(state, 3, TCP_ENDING_LOCAL_FIN, WARNING);
	stall(state, 3, TCP_ENDING_OPEN, CRITICAL);
	stall(state, 3, TCP_ENDING_TIMEOUT, CRITICAL);
}

/* A connection that goes on, and is open at the end of the tape, is not stuck there. */
static void test_stalled_and_recovered(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = stalling(s, 2, 3, 0);

	s->now_ns = timeout_ns(3);
	scene_retransmit(s, c, TCP_CAUSE_FAST);
	c->ending = TCP_ENDING_OPEN;
	scene_end(s, c);
	scene_expect(s, "stalled", WARNING);
	assert_non_null(strstr(scene_first(s, "stalled")->title, "was stuck"));
	/* It lasted until the acknowledgement that began the recovery. */
	assert_int_equal(scene_first(s, "stalled")->until_ns, timeout_ns(3));
}

static void test_stalled_words(void **state)
{
	struct scene *s = *state;
	const struct document_finding *x;

	end_stalling(s, 2, 3, TCP_ENDING_LOCAL_FIN);
	end_stalling(s, 3, 4, TCP_ENDING_OPEN);
	scene_expect(s, "stalled", CRITICAL);
	assert_int_equal(scene_count(s, "stalled"), 2);
	x = scene_first(s, "stalled");
	assert_non_null(strstr(x->title, "is stuck"));
	assert_non_null(strstr(x->title, "10.0.1.3:443, 4 timeouts in a row"));
	assert_string_equal(x->evidence[3].key, "ladder");
	assert_memory_equal(x->evidence[3].cell.str, "0.40, 0.80, 1.60 s", 18);
	assert_string_equal(x->command, "tcptape retrans -r --addr 10.0.1.3 --lport 40000 a.tape");
}

/* A run of timeouts that only the table at the end tells of: neither its begin nor its waits are
 * known, and those of an earlier run are not shown for it. */
static void test_stalled_by_the_table(void **state)
{
	struct scene *s = *state;
	struct tcp_info_values values = {.present = TCP_INFO_BIT(TCP_INFO_RETRANSMITS)};
	struct tcp_conn *c = stalling(s, 2, 2, 0);
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, c);
	const struct document_finding *x;

	scene_congestion(s, c, TCP_CA_STATE_OPEN);
	values.values[TCP_INFO_RETRANSMITS] = 4;
	e.tcp_info = &values;
	e.state = TCP_STATE_ESTABLISHED;
	e.dump = SOCKET_DUMP_END;
	scene_feed(s, &e);
	c->ending = TCP_ENDING_OPEN;
	scene_end(s, c);
	scene_expect(s, "stalled", CRITICAL);
	x = scene_first(s, "stalled");
	assert_non_null(strstr(x->title, "4 timeouts in a row"));
	for (size_t i = 0; i < x->n_evidence; i++)
		assert_string_not_equal(x->evidence[i].key, "ladder");
	/* No retransmission of it is on the tape, so that the command shows the connection. */
	assert_string_equal(x->command, "tcptape life -w --addr 10.0.1.2 --lport 40000 a.tape");
}

/* Attempts that failed on this host: nothing was lost on the way. With EBUSY the first copy waits
 * in a queue here. */
static void test_stalled_on_this_host(void **state)
{
	struct scene *s = *state;

	scene_end(s, stalling(s, 2, 4, -EPERM));
	scene_find(s);
	assert_non_null(strstr(scene_first(s, "stalled")->meaning, "on this host itself"));
	s = scene_anew(state);
	scene_end(s, stalling(s, 2, 4, -EBUSY));
	scene_find(s);
	assert_non_null(strstr(scene_first(s, "stalled")->meaning, "waited in a queue here"));
	assert_int_equal(counters_data_lost(&s->in.total), 0);
	/* Two are no stall: the next try may come any moment. */
	s = scene_anew(state);
	scene_end(s, stalling(s, 2, 2, -EBUSY));
	scene_expect(s, "stalled", NOTHING);
}

/* The peer itself is there where it answers another connection between two timeouts. What it did
 * before, and established connections of which nothing is heard, prove nothing. */
static void test_stalled_while_others_work(void **state)
{
	const uint64_t answers[] = {timeout_ns(0) - 1, timeout_ns(1) + 1, timeout_ns(2) + 1};

	for (unsigned int i = 0; i < 4; i++) {
		struct scene *s = scene_anew(state);
		struct tcp_conn *c = scene_call(s, 1, 2, 443);

		scene_end_calls(s, 5, 1, 2, 443);
		for (unsigned int k = 0; k < 3; k++) {
			if (i == k && k < 2)
				answer_elsewhere(s, c, answers[k]);
			feed_timeouts(s, c, k, k + 1, 0);
		}
		if (i == 1)
			feed_timeouts(s, c, 3, 4, 0);
		if (i == 2)
			answer_elsewhere(s, c, answers[2]);
		c->ending = TCP_ENDING_OPEN;
		scene_end(s, c);
		scene_expect(s, "stalled", CRITICAL);
		assert_int_equal(says(s, "while the peer answers other connections"), i == 1);
		assert_int_equal(says(s, "another connection since its last timeout"), i == 2);
		assert_int_equal(says(s, "the peer, or the way to it or back, is gone"), i != 1);
	}
}

/* What was retransmitted fast before the first timeout belongs to the stall, and is no loss. */
static void test_stalled_is_no_loss(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	for (unsigned int i = 0; i < 20; i++)
		scene_retransmit(s, c, TCP_CAUSE_FAST);
	feed_timeouts(s, c, 0, 3, 0);
	c->ending = TCP_ENDING_TIMEOUT;
	scene_end(s, c);
	scene_expect(s, "stalled", CRITICAL);
	assert_int_equal(counters_data_lost(&s->in.total), 0);
}

#define KNOWN(field, value) values.present |= TCP_INFO_BIT(field), values.values[field] = (value)

/* Ends a stalled connection. What was retransmitted carried so many bytes, and later data has
 * arrived or has not. */
static struct scene *end_of_size(struct scene *s, struct tcp_conn *c, uint64_t bytes,
				 bool has_sacked)
{
	struct tcp_info_values values = {0};

	KNOWN(TCP_INFO_BYTES_SENT, 5 * bytes);
	KNOWN(TCP_INFO_BYTES_RETRANS, 3 * bytes);
	KNOWN(TCP_INFO_BYTES_ACKED, 1);
	KNOWN(TCP_INFO_TOTAL_RETRANS, 3);
	KNOWN(TCP_INFO_DATA_SEGS_OUT, 5);
	KNOWN(TCP_INFO_SND_MSS, 1448);
	KNOWN(TCP_INFO_SACKED, has_sacked);
	c->is_client = true;
	figures(s, c, &values);
	scene_end(s, c);
	return s;
}

static struct scene *of_size(void **state, uint64_t bytes, bool has_sacked)
{
	struct scene *s = scene_anew(state);
	struct tcp_conn *c = stalling(s, 2, 3, 0);

	c->ending = TCP_ENDING_TIMEOUT;
	end_of_size(s, c, bytes, has_sacked);
	scene_expect(s, "stalled", CRITICAL);
	return s;
}

/* A connection that went on after three timeouts. The rows of a sample and of its end say how much
 * data a segment has, and which path MTU the kernel believes in. */
static struct scene *went_on_with(void **state, uint64_t mss_before, uint64_t mss, uint64_t pmtu,
				  size_t n)
{
	struct scene *s = scene_anew(state);

	for (size_t i = 0; i < n; i++) {
		struct tcp_info_values values = {0};
		struct tcp_conn *c = scene_call(s, 1, (uint8_t)(2 + i), 443);
		struct tcp_event e;

		feed_timeouts(s, c, 0, 3, 0);
		KNOWN(TCP_INFO_SND_MSS, mss_before);
		KNOWN(TCP_INFO_SND_CWND, 1);
		e = scene_event(s, TCP_KIND_SAMPLE, c);
		e.tcp_info = &values;
		e.dump = SOCKET_SAMPLE_TROUBLED;
		e.state = TCP_STATE_ESTABLISHED;
		s->now_ns = e.ts_ns = timeout_ns(3);
		scene_feed(s, &e);
		scene_retransmit(s, c, TCP_CAUSE_LOSS);
		KNOWN(TCP_INFO_SND_MSS, mss);
		KNOWN(TCP_INFO_PMTU, pmtu);
		KNOWN(TCP_INFO_BYTES_SENT, 20000);
		KNOWN(TCP_INFO_BYTES_RETRANS, 4000);
		KNOWN(TCP_INFO_BYTES_ACKED, 16000);
		KNOWN(TCP_INFO_TOTAL_RETRANS, 20);
		KNOWN(TCP_INFO_DATA_SEGS_OUT, 30);
		KNOWN(TCP_INFO_SEGS_IN, 9);
		c->n_retrans = 20;
		c->ending = TCP_ENDING_LOCAL_FIN;
		figures(s, c, &values);
		scene_end(s, c);
	}
	scene_expect(s, "stalled", WARNING);
	return s;
}

/* The kernel found out by itself that only smaller segments arrive (net.ipv4.tcp_mtu_probing). */
static void test_stalled_until_segments_were_smaller(void **state)
{
	struct scene *s = went_on_with(state, 1448, 1024, 1500, 1);

	assert_true(says(s, "until it sent smaller segments (path MTU)"));
	assert_true(says(s, "segments of 1,448 bytes were lost again and again"));
	assert_string_equal(scene_first(s, "stalled")->place, "network");
	/* What was retransmitted for that is no loss of its own. */
	assert_int_equal(scene_count(s, "loss"), 0);
	s = went_on_with(state, 1448, 1024, 1500, 5);
	assert_true(says(s, "5 connections were stuck until they sent smaller segments"));
	assert_int_equal(scene_count(s, "loss"), 0);
	/* An ICMP message has told the kernel of the smaller MTU. */
	assert_false(says(went_on_with(state, 1448, 1024, 1487, 1), "MTU"));
	/* The segments are as large as before. */
	s = went_on_with(state, 1448, 1448, 1500, 1);
	assert_false(says(s, "MTU"));
	assert_int_equal(scene_count(s, "loss"), 1);
}

/* No sample shows larger segments, but path MTU probes were counted in its network namespace. */
static bool is_healed_by_count(void **state, unsigned int probes, uint64_t mss, uint32_t netns)
{
	struct scene *s = scene_anew(state);
	struct tcp_info_values values = {0};
	struct tcp_conn *c = stalling(s, 2, 3, 0);
	char script[256];

	snprintf(script, sizeof(script),
		 "counter-names 0 TcpExt.TCPMTUPFail\n"
		 "counters 7 0 1001000000000 all 0=100\n"
		 "counters 7 1 1002000000000 changes 0=%u\n",
		 probes);
	scene_counters(s, script);
	s->now_ns = timeout_ns(3);
	scene_retransmit(s, c, TCP_CAUSE_LOSS);
	KNOWN(TCP_INFO_SND_MSS, mss);
	KNOWN(TCP_INFO_PMTU, 1500);
	KNOWN(TCP_INFO_SEGS_IN, 9);
	c->netns = netns;
	c->ending = TCP_ENDING_LOCAL_FIN;
	figures(s, c, &values);
	scene_end(s, c);
	scene_expect(s, "stalled", WARNING);
	if (says(s, "smaller segments (path MTU)"))
		assert_string_equal(scene_first(s, "stalled")->sure, "likely");
	return says(s, "smaller segments (path MTU)");
}

static void test_stalled_until_probes_were_counted(void **state)
{
	assert_true(is_healed_by_count(state, 1, 1399, 7));
	assert_false(is_healed_by_count(state, 0, 1399, 7));
	assert_false(is_healed_by_count(state, 1, 1400, 7));
	assert_false(is_healed_by_count(state, 1, 1399, 8));
}

/* Where the segments get through at last, their size did not keep them back. */
static void test_stalled_by_size_and_recovered(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = stalling(s, 2, 3, 0);

	s->now_ns = timeout_ns(3);
	scene_retransmit(s, c, TCP_CAUSE_FAST);
	c->ending = TCP_ENDING_LOCAL_FIN;
	end_of_size(s, c, 1448, true);
	scene_expect(s, "stalled", WARNING);
	assert_false(says(s, "black hole"));
}

/* The size of the segments decides between the causes. */
static void test_stalled_by_size(void **state)
{
	struct scene *s = of_size(state, 1448, true);

	assert_true(says(s, "path MTU black hole"));
	assert_string_equal(scene_first(s, "stalled")->sure, "likely");
	s = of_size(state, 1448, false);
	assert_false(says(s, "black hole"));
	assert_true(says(s, "packets of this size"));
	s = of_size(state, 524, true);
	assert_false(says(s, "MTU"));
	assert_false(says(s, "packets of this size"));
	s = of_size(state, 525, true);
	assert_true(says(s, "packets of this size"));
}

/* Nothing was ever acknowledged: the connection may wait in the peer's queue. */
static void test_stalled_before_the_first_byte(void **state)
{
	assert_true(says(of_size(state, 100, false), "queue for new connections"));
}

/* The window was shut, and nobody answered the probes until the kernel gave up; or they were
 * answered until TCP_USER_TIMEOUT, which is the reader's fault. */
static void shut_window(void **state, uint64_t probes, int level)
{
	struct tcp_info_values values = {0};
	struct scene *s = scene_anew(state);
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	struct tcp_event e = scene_event(s, TCP_KIND_ERROR_REPORT, c);

	e.ts_ns = c->end_ns;
	e.err = ETIMEDOUT;
	scene_feed(s, &e);
	KNOWN(TCP_INFO_SND_WND, 0);
	KNOWN(TCP_INFO_NOTSENT_BYTES, 1000);
	KNOWN(TCP_INFO_PROBES, probes);
	KNOWN(TCP_INFO_LAST_ACK_RECV_MS, 5000);
	c->ending = TCP_ENDING_TIMEOUT;
	figures(s, c, &values);
	scene_end(s, c);
	scene_expect(s, "stalled", level);
}

static void test_stalled_behind_a_shut_window(void **state)
{
	shut_window(state, 0, NOTHING);
	shut_window(state, 1, CRITICAL);
	assert_true(says(*state, "no answer to its window probes"));
	assert_int_equal(scene_first(*state, "stalled")->since_ns,
			 (SCENE_END_S - 1 - 5) * NSEC_PER_SEC);
}

/* Only the FIN is not acknowledged: nobody waits for it. */
static void closing(void **state, uint64_t acked_bytes, uint64_t resent_bytes, int level)
{
	struct tcp_info_values values = {0};
	struct scene *s = scene_anew(state);
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	c->state = TCP_STATE_FIN_WAIT1;
	feed_timeouts(s, c, 0, 3, 0);
	KNOWN(TCP_INFO_BYTES_SENT, 100 + resent_bytes);
	KNOWN(TCP_INFO_BYTES_RETRANS, resent_bytes);
	KNOWN(TCP_INFO_BYTES_ACKED, acked_bytes);
	c->is_client = true;
	c->ending = TCP_ENDING_TIMEOUT;
	figures(s, c, &values);
	scene_end(s, c);
	scene_expect(s, "stalled", level);
}

static void test_stalled_fin(void **state)
{
	closing(state, 101, 0, DOCUMENT_NOTICE);
	assert_true(says(*state, "All data had arrived"));
	/* The SYN is among the bytes acknowledged: one byte is missing. */
	closing(state, 100, 0, CRITICAL);
	assert_true(says(*state, "its last data may not have arrived"));
	closing(state, 100, 300, CRITICAL);
}

static void error(struct scene *s, const struct tcp_conn *c, int32_t err)
{
	struct tcp_event e = scene_event(s, TCP_KIND_ERROR_REPORT, c);

	e.ts_ns = c->end_ns;
	e.err = err;
	scene_feed(s, &e);
}

/* The kernel gave up sooner, for TCP_USER_TIMEOUT; or with an error of the network. */
static void test_stalled_given_up(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = stalling(s, 2, 1, 0);

	c->ending = TCP_ENDING_TIMEOUT;
	scene_end(s, c);
	scene_expect(s, "stalled", CRITICAL);
	s = scene_anew(state);
	c = stalling(s, 2, 3, 0);
	c->ending = TCP_ENDING_ERROR;
	error(s, c, EHOSTUNREACH);
	scene_end(s, c);
	scene_expect(s, "stalled", CRITICAL);
	/* Somebody destroyed it, after one timeout or three. */
	s = scene_anew(state);
	c = stalling(s, 2, 1, 0);
	c->ending = TCP_ENDING_ERROR;
	error(s, c, ECONNABORTED);
	scene_end(s, c);
	scene_expect(s, "stalled", NOTHING);
	s = scene_anew(state);
	c = stalling(s, 2, 3, 0);
	c->ending = TCP_ENDING_ERROR;
	error(s, c, ECONNABORTED);
	scene_end(s, c);
	scene_expect(s, "stalled", WARNING);
	s = scene_anew(state);
	c = stalling(s, 2, 3, 0);
	c->ending = TCP_ENDING_REMOTE_RESET;
	scene_end(s, c);
	scene_expect(s, "stalled", WARNING);
	assert_true(says(s, "until a RST came"));
}

/* A connection that was stuck when the recording began is stuck since before. */
static void test_stalled_before_the_recording(void **state)
{
	struct tcp_info_values values = {0};
	struct scene *s = *state;
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, c);

	KNOWN(TCP_INFO_RETRANSMITS, 5);
	KNOWN(TCP_INFO_BACKOFF, 5);
	KNOWN(TCP_INFO_RTO_US, 6400000);
	e.tcp_info = &values;
	e.state = TCP_STATE_ESTABLISHED;
	e.dump = SOCKET_DUMP_START;
	e.ts_ns = SCENE_START_S * NSEC_PER_SEC;
	scene_feed(s, &e);
	c->ending = TCP_ENDING_OPEN;
	c->end_ns = SCENE_END_S * NSEC_PER_SEC;
	scene_end(s, c);
	scene_expect(s, "stalled", CRITICAL);
	assert_true(says(s, "since before the recording"));
	/* 0.2, 0.4, 0.8, 1.6 and 3.2 s had passed. */
	assert_int_equal(scene_first(s, "stalled")->since_ns,
			 SCENE_START_S * NSEC_PER_SEC - 6200 * NSEC_PER_MSEC);
}

/* Of many the worst is shown as an example, and how many there were. */
static void test_stalled_many(void **state)
{
	struct scene *s = *state;

	for (uint8_t i = 1; i <= 30; i++)
		end_stalling(s, i, 3 + i % 2, TCP_ENDING_LOCAL_FIN);
	scene_expect(s, "stalled", WARNING);
	assert_int_equal(scene_count(s, "stalled"), 2);
	assert_non_null(strstr(scene_first(s, "stalled")->title, "30 connections were stuck"));
}

/* How many are still stuck at the end, and how many the kernel gave up, is counted. */
static void test_stalled_many_for_good(void **state)
{
	struct scene *s = *state;
	const struct document_finding *x;

	for (uint8_t i = 1; i <= 9; i++)
		end_stalling(s, i, 3,
			     i <= 4   ? TCP_ENDING_OPEN
			     : i <= 7 ? TCP_ENDING_TIMEOUT
				      : TCP_ENDING_LOCAL_FIN);
	scene_expect(s, "stalled", CRITICAL);
	x = scene_first(s, "stalled");
	assert_string_equal(x->evidence[0].key, "stalled");
	assert_int_equal(x->evidence[0].cell.u64, 9);
	assert_string_equal(x->evidence[1].key, "open");
	assert_int_equal(x->evidence[1].cell.u64, 4);
	assert_string_equal(x->evidence[2].key, "dead");
	assert_int_equal(x->evidence[2].cell.u64, 3);
}

/* Four fifths of them go to one peer: it is named. */
static void common_peer(void **state, uint8_t n_there, uint8_t n_elsewhere, bool is_named)
{
	struct scene *s = scene_anew(state);

	for (uint8_t i = 0; i < n_there; i++)
		end_stalling(s, 77, 3, TCP_ENDING_TIMEOUT);
	for (uint8_t i = 1; i <= n_elsewhere; i++)
		end_stalling(s, i, 3, TCP_ENDING_TIMEOUT);
	scene_find(s);
	assert_int_equal(!!strstr(scene_first(s, "stalled")->title, "10.0.1.77"), is_named);
}

static void test_stalled_to_one_peer(void **state)
{
	common_peer(state, 8, 2, true);
	common_peer(state, 7, 2, false);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_stalled),
		TEST(test_stalled_and_recovered),
		TEST(test_stalled_words),
		TEST(test_stalled_by_the_table),
		TEST(test_stalled_on_this_host),
		TEST(test_stalled_while_others_work),
		TEST(test_stalled_is_no_loss),
		TEST(test_stalled_by_size),
		TEST(test_stalled_by_size_and_recovered),
		TEST(test_stalled_until_segments_were_smaller),
		TEST(test_stalled_until_probes_were_counted),
		TEST(test_stalled_before_the_first_byte),
		TEST(test_stalled_behind_a_shut_window),
		TEST(test_stalled_fin),
		TEST(test_stalled_given_up),
		TEST(test_stalled_before_the_recording),
		TEST(test_stalled_many),
		TEST(test_stalled_many_for_good),
		TEST(test_stalled_to_one_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
