// SPDX-License-Identifier: MIT
/* Connections with several timeouts in a row. */
#include "support/scene.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "tcp/names.h"

#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

static struct tcp_conn *stalling(struct scene *s, uint8_t host, unsigned int run, int32_t err)
{
	struct tcp_conn *c = scene_call(s, 1, host, 443);

	for (unsigned int i = 0; i < run; i++) {
		struct tcp_event e = scene_event(s, TCP_KIND_RETRANSMIT, c);

		e.ts_ns = (SCENE_START_S + 2) * NSEC_PER_SEC + (200 * NSEC_PER_MSEC << i);
		e.cause = TCP_CAUSE_RTO;
		e.rto_us = 200000u << i;
		/* The first one is sent, and lost on the way. */
		e.err = i ? err : 0;
		e.present = TCP_FIELD_BIT(TCP_FIELD_ERR);
		scene_feed(s, &e);
	}
	return c;
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

	scene_retransmit(s, c, TCP_CAUSE_FAST);
	c->ending = TCP_ENDING_OPEN;
	scene_end(s, c);
	scene_expect(s, "stalled", WARNING);
	assert_non_null(strstr(scene_first(s, "stalled")->title, "was stuck"));
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
	struct tcp_info_values values = {.present = 1u << TCP_INFO_RETRANSMITS};
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
}

/* Attempts that failed on this host: nothing was lost on the way. EBUSY only asks for a later try.
 * */
static void test_stalled_on_this_host(void **state)
{
	struct scene *s = *state;

	scene_end(s, stalling(s, 2, 4, -EPERM));
	scene_find(s);
	assert_non_null(strstr(scene_first(s, "stalled")->meaning, "on this host itself"));
	s = scene_anew(state);
	scene_end(s, stalling(s, 2, 4, -EBUSY));
	scene_expect(s, "stalled", NOTHING);
}

/* Where other connections to the peer work, the peer itself is there. */
static void test_stalled_while_others_work(void **state)
{
	struct scene *s = *state;

	end_stalling(s, 2, 3, TCP_ENDING_TIMEOUT);
	scene_find(s);
	assert_null(strstr(scene_first(s, "stalled")->meaning, "other connections to this peer"));
	s = scene_anew(state);
	scene_end_calls(s, 1, 1, 2, 443);
	end_stalling(s, 2, 3, TCP_ENDING_TIMEOUT);
	scene_find(s);
	assert_non_null(
		strstr(scene_first(s, "stalled")->meaning, "other connections to this peer"));
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
		TEST(test_stalled_many),
		TEST(test_stalled_many_for_good),
		TEST(test_stalled_to_one_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
