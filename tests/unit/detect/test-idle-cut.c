// SPDX-License-Identifier: MIT
/* Connections that were cut after a time without traffic, on both sides of each threshold. */
#include "support/scene.h"

#include <string.h>

#include "base/units.h"
#include "tcp/names.h"
#include "tcp/reset-kind.h"
#include "tcp/tcp-info.h"

#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

/* The times of a connection, in milliseconds before the last event of it. */
struct times {
	uint64_t acked, data, sent;
};

static void feed_times(struct scene *s, const struct tcp_conn *c, enum tcp_kind kind, int dump,
		       struct times t)
{
	struct tcp_info_values v = {.present = TCP_INFO_BIT(TCP_INFO_LAST_ACK_RECV_MS) |
					       TCP_INFO_BIT(TCP_INFO_LAST_DATA_RECV_MS) |
					       TCP_INFO_BIT(TCP_INFO_LAST_DATA_SENT_MS)};
	struct tcp_event e = scene_event(s, kind, c);

	v.values[TCP_INFO_LAST_ACK_RECV_MS] = t.acked;
	v.values[TCP_INFO_LAST_DATA_RECV_MS] = t.data;
	v.values[TCP_INFO_LAST_DATA_SENT_MS] = t.sent;
	e.tcp_info = &v;
	e.dump = (uint8_t)dump;
	scene_feed(s, &e);
}

/* A RST of the peer came `at_ms` after the scene began. */
static void cut(struct scene *s, uint8_t host, uint64_t at_ms, struct times t)
{
	struct tcp_conn *c = scene_call(s, 1, host, 5432);
	struct tcp_conn_cold *cold = scene_cold(s, c);
	struct tcp_conn_info *info = arena_alloc(&s->arena, sizeof(*info));

	s->now_ns = SCENE_START_S * NSEC_PER_SEC + at_ms * NSEC_PER_MSEC;
	c->end_ns = s->now_ns;
	c->owner = (struct owner){.pid = 900, .basis = OWNER_CLOSE, .comm = "pool"};
	c->ending = TCP_ENDING_REMOTE_RESET;
	cold->n_resets_received = 1;
	cold->reset = (struct tcp_conn_reset){
		.ts_ns = s->now_ns, .kind = RESET_MIDSTREAM, .state = TCP_STATE_ESTABLISHED};
	*info = (struct tcp_conn_info){.tx_bytes = 9,
				       .rx_bytes = 9,
				       .has_bytes = true,
				       .has_unacked = true,
				       .unacked_bytes = t.sent < t.acked ? 5 : 0};
	c->tcp_info = info;
	feed_times(s, c, TCP_KIND_SOCKET_FINAL, 0, t);
	scene_end(s, c);
}

#define SECONDS(n) ((n)*1000)
/* It was used again after so many milliseconds without traffic. */
#define AGAIN(ms) ((struct times){(ms) + 1, (ms) + 2, 1})
/* It waits for so long, with all answers received. */
#define REST(ms) ((struct times){(ms) + 1, (ms), (ms) + 1})
/* It waits for an answer. */
#define WAITING(ms) ((struct times){(ms), (ms) + 1, (ms) + 1})

static struct scene *cuts(void **state, unsigned int n, uint64_t apart_ms, struct times t)
{
	struct scene *s = scene_anew(state);

	for (unsigned int i = 0; i < n; i++)
		cut(s, 2, 100 + i * apart_ms, t);
	return s;
}

static void test_how_many(void **state)
{
	struct scene *s = cuts(state, 2, 10, AGAIN(SECONDS(352)));

	scene_expect(s, "idle-cut", NOTHING);
	s = cuts(state, 3, 10, AGAIN(SECONDS(352)));
	scene_expect(s, "idle-cut", WARNING);
	assert_string_equal(scene_first(s, "idle-cut")->title,
			    "3 connections at port 5432 of 10.0.1.2 failed when they were used "
			    "again after 352 s without traffic");
	assert_string_equal(scene_first(s, "idle-cut")->place, "network");
	assert_int_equal(scene_count(s, "resets"), 0);
}

static void test_how_long(void **state)
{
	struct scene *s = cuts(state, 5, 2000, AGAIN(3999));

	scene_expect(s, "idle-cut", NOTHING);
	assert_int_equal(scene_count(s, "resets"), 1);
	s = cuts(state, 5, 2000, AGAIN(4000));
	scene_expect(s, "idle-cut", WARNING);
	assert_non_null(strstr(scene_first(s, "idle-cut")->meaning, "for 4.0 s or less"));
}

/* A timer fits where the shortest time is a little longer. */
static void test_timers(void **state)
{
	static const struct {
		uint64_t ms;
		const char *words;
	} cases[] = {
		{SECONDS(349), "300 s"},      {SECONDS(350), "350 s, and"},
		{SECONDS(402), "350 s, and"}, {SECONDS(403), "or less"},
		{SECONDS(60), "60 s, and"},   {SECONDS(69), "60 s, and"},
		{SECONDS(70), "or less"},     {SECONDS(950), "900 s, and"},
	};

	for (size_t i = 1; i < ARRAY_SIZE(cases); i++) {
		struct scene *s = cuts(state, 3, 10, AGAIN(cases[i].ms));

		scene_expect(s, "idle-cut", WARNING);
		assert_non_null(strstr(scene_first(s, "idle-cut")->meaning, cases[i].words));
	}
}

/* Connections that are in use are not forgotten. */
static void test_busy(void **state)
{
	struct scene *s = cuts(state, 10, 10, AGAIN(SECONDS(60)));

	cut(s, 2, 500, AGAIN(20));
	scene_expect(s, "idle-cut", WARNING);
	s = cuts(state, 10, 10, AGAIN(SECONDS(60)));
	cut(s, 2, 500, AGAIN(20));
	cut(s, 2, 500, AGAIN(20));
	scene_expect(s, "idle-cut", NOTHING);
}

/* Others that had been without traffic for longer, and worked. */
static void test_worked(void **state)
{
	for (unsigned int s_idle = 60; s_idle <= 61; s_idle++) {
		struct scene *s = cuts(state, 3, 10, AGAIN(SECONDS(60)));
		struct tcp_conn *c = scene_call(s, 1, 2, 5432);

		feed_times(s, c, TCP_KIND_SOCKET_DUMPED, SOCKET_DUMP_START,
			   (struct times){SECONDS(s_idle), SECONDS(s_idle), SECONDS(s_idle)});
		s->now_ns += 5 * NSEC_PER_SEC;
		feed_times(s, c, TCP_KIND_SOCKET_FINAL, 0, (struct times){9, 9, 9});
		scene_end(s, c);
		scene_expect(s, "idle-cut", s_idle == 60 ? WARNING : NOTHING);
	}
}

/* RSTs that come while nobody uses the connection; but not those of a server that is working. */
static void test_at_rest(void **state)
{
	struct scene *s = cuts(state, 3, 10, REST(SECONDS(350)));

	scene_expect(s, "idle-cut", WARNING);
	assert_non_null(strstr(scene_first(s, "idle-cut")->title, "were reset after 350 s"));
	s = cuts(state, 3, 10, WAITING(SECONDS(350)));
	scene_expect(s, "idle-cut", NOTHING);
}

/* A connection that ends well, as long after its beginning. */
static void live_on(struct scene *s, uint64_t from_ms, uint64_t to_ms)
{
	struct tcp_conn *c = scene_call(s, 1, 2, 5432);

	c->seen_ns = c->established_ns = SCENE_START_S * NSEC_PER_SEC + from_ms * NSEC_PER_MSEC;
	c->end_ns = SCENE_START_S * NSEC_PER_SEC + to_ms * NSEC_PER_MSEC;
	c->ending = TCP_ENDING_LOCAL_FIN;
	scene_end(s, c);
}

/* A restart of the peer is between the last traffic of all and the first that is cut. */
static void test_one_event(void **state)
{
	struct scene *s = cuts(state, 3, 2000, AGAIN(4001));

	scene_expect(s, "idle-cut", NOTHING);
	assert_non_null(strstr(scene_first(s, "resets")->meaning, "One moment explains"));
	s = cuts(state, 3, 2000, AGAIN(29999));
	scene_expect(s, "idle-cut", NOTHING);
	s = cuts(state, 3, 2000, AGAIN(30000));
	scene_expect(s, "idle-cut", WARNING);
	assert_string_equal(scene_first(s, "idle-cut")->sure, "possible");
	assert_non_null(strstr(scene_first(s, "idle-cut")->meaning, "restarted"));
	s = cuts(state, 4, 2000, AGAIN(4001));
	scene_expect(s, "idle-cut", WARNING);
	assert_string_equal(scene_first(s, "idle-cut")->sure, "likely");
	assert_null(strstr(scene_first(s, "idle-cut")->meaning, "restarted"));
}

/* Another connection that lived from before to after excludes a restart. */
static void test_lived_on(void **state)
{
	struct scene *s = scene_anew(state);

	/* They were heard at 0.1 s, and cut at 5.1 s. */
	for (unsigned int i = 0; i < 3; i++)
		cut(s, 2, 5100, AGAIN(5000));
	live_on(s, 101, 9000);
	scene_expect(s, "idle-cut", NOTHING);
	s = scene_anew(state);
	for (unsigned int i = 0; i < 3; i++)
		cut(s, 2, 5100, AGAIN(5000));
	live_on(s, 50, 9000);
	scene_expect(s, "idle-cut", WARNING);
	s = scene_anew(state);
	for (unsigned int i = 0; i < 3; i++)
		cut(s, 2, 5100, AGAIN(5000));
	live_on(s, 50, 5050);
	scene_expect(s, "idle-cut", NOTHING);
}

/* Nothing comes back when it is used again. */
static struct scene *silent(void **state, bool is_there)
{
	struct scene *s = scene_anew(state);

	for (uint8_t i = 0; i < 3; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, 5432);

		c->ending = TCP_ENDING_OPEN;
		for (unsigned int n = 0; n < 3; n++) {
			struct tcp_event e = scene_event(s, TCP_KIND_RETRANSMIT, c);

			e.ts_ns = (SCENE_START_S + 2) * NSEC_PER_SEC + (200 * NSEC_PER_MSEC << n);
			e.cause = TCP_CAUSE_RTO;
			e.rto_us = 200000u << n;
			scene_feed(s, &e);
		}
		s->now_ns = (SCENE_START_S + 5) * NSEC_PER_SEC;
		if (is_there) {
			struct tcp_event e = scene_event(s, TCP_KIND_SET_STATE, c);
			struct tcp_conn other = *c;

			other.id = ++s->n_conns;
			e.conn = &other;
			e.oldstate = TCP_STATE_SYN_SENT;
			e.newstate = TCP_STATE_ESTABLISHED;
			scene_feed(s, &e);
		}
		feed_times(s, c, TCP_KIND_SOCKET_FINAL, 0,
			   (struct times){SECONDS(305), SECONDS(305), 2000});
		scene_end(s, c);
	}
	return s;
}

static void test_silent(void **state)
{
	struct scene *s = silent(state, true);

	scene_expect(s, "idle-cut", CRITICAL);
	assert_non_null(strstr(scene_first(s, "idle-cut")->meaning, "300 s, and drops"));
	assert_int_equal(scene_count(s, "stalled"), 0);
	/* The peer may be gone. */
	s = silent(state, false);
	scene_expect(s, "idle-cut", NOTHING);
	assert_true(scene_count(s, "stalled") > 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_how_many),  TEST(test_how_long), TEST(test_timers),
		TEST(test_busy),      TEST(test_worked),   TEST(test_at_rest),
		TEST(test_one_event), TEST(test_lived_on), TEST(test_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
