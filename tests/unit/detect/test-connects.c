// SPDX-License-Identifier: MIT
/* What is found of connects, resets, listeners and this host itself, at the edges of the thresholds. */
#include "by-hand.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"

#define NOTICE	 DOCUMENT_NOTICE
#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

static void call(struct by_hand *h, uint8_t peer, struct counters s)
{
	const struct conn_subject to = caller_of(1, peer, 443);

	s.conns = s.attempts;
	by_hand_add(h, &to, &s);
}

static void level_of(const char *id, const struct counters *s, int level)
{
	void *state;
	struct by_hand *h;

	assert_int_equal(by_hand_setup(&state), 0);
	h = state;
	call(h, 2, *s);
	by_hand_expect(h, id, level);
	by_hand_teardown(&state);
}

static void silent(uint64_t unanswered, uint64_t syns, uint32_t ok, int level)
{
	struct counters s = {.attempts = unanswered + ok, .unanswered = unanswered, .syns = syns};

	s.results[CONNECT_TIMEOUT] = (uint32_t)unanswered;
	s.results[CONNECT_OK] = ok;
	level_of("unreachable", &s, level);
}

static void test_unreachable(void **state)
{
	silent(0, 9, 0, NOTHING);
	silent(1, 2, 0, NOTHING);
	silent(1, 3, 0, WARNING);
	silent(2, 2, 0, NOTHING);
	silent(3, 0, 0, CRITICAL);
	silent(2, 9, 1, NOTHING);
	silent(3, 3, 57, WARNING);
	silent(3, 3, 58, NOTHING);
}

static void test_unreachable_is_told(void **state)
{
	struct by_hand *h = *state;

	call(h, 2, (struct counters){.attempts = 3, .unanswered = 3, .syns = 6});
	by_hand_find(h);
	assert_non_null(strstr(by_hand_first(h, "unreachable")->title, "10.0.1.2:443 "));
	assert_string_equal(by_hand_first(h, "unreachable")->command,
			    "tcptape connects --addr 10.0.1.2 --rport 443 a.tape");
}

/* Not more than a handful of findings, whoever scans the internet from here. */
static void test_unreachable_many(void **state)
{
	struct by_hand *h = *state;

	for (uint8_t i = 1; i <= 5; i++)
		call(h, i, (struct counters){.attempts = 3, .unanswered = 3});
	by_hand_find(h);
	assert_int_equal(by_hand_count(h, "unreachable"), 5);
	for (uint8_t i = 6; i <= 200; i++)
		call(h, i, (struct counters){.attempts = 3, .unanswered = 3});
	by_hand_find(h);
	assert_int_equal(by_hand_count(h, "unreachable"), 5);
	assert_non_null(strstr(by_hand_first(h, "unreachable")->title, "196 other destinations"));
}

static void rejected(uint32_t n, uint64_t attempts, int level)
{
	struct counters s = {.attempts = attempts};

	s.results[CONNECT_REFUSED] = n;
	s.results[CONNECT_OK] = (uint32_t)attempts - n;
	level_of("connects", &s, level);
}

static void test_connects(void **state)
{
	rejected(2, 2, NOTHING);
	rejected(3, 60, WARNING);
	rejected(3, 61, NOTHING);
	rejected(9, 9, WARNING);
	rejected(10, 21, WARNING);
	rejected(10, 20, CRITICAL);
}

static void test_connects_words(void **state)
{
	struct by_hand *h = *state;
	struct counters s = {.attempts = 5};

	s.results[CONNECT_REFUSED] = 3;
	s.results[CONNECT_OK] = 2;
	call(h, 2, s);
	by_hand_find(h);
	assert_string_equal(by_hand_first(h, "connects")->title,
			    "3 of 5 connects to 10.0.1.2:443 were refused");
	s.results[CONNECT_UNREACHABLE] = 5;
	s.attempts = 10;
	call(h, 2, s);
	by_hand_find(h);
	assert_string_equal(by_hand_first(h, "connects")->title,
			    "11 of 15 connects to 10.0.1.2:443 failed");
	assert_null(by_hand_first(h, "unreachable"));
}

static void test_connects_many(void **state)
{
	struct by_hand *h = *state;

	for (uint8_t i = 1; i <= 7; i++) {
		struct counters s = {.attempts = 3};

		s.results[CONNECT_REFUSED] = 3;
		call(h, i, s);
	}
	by_hand_find(h);
	assert_int_equal(by_hand_count(h, "connects"), 6);
}

static void slow(uint64_t n, uint32_t ok, int level)
{
	struct counters s = {.attempts = ok, .slow_by_syn = n, .syns = n};

	s.results[CONNECT_OK] = ok;
	level_of("slow-connects", &s, level);
}

static void test_slow_connects_by_syn(void **state)
{
	slow(2, 10, NOTHING);
	slow(3, 300, WARNING);
	slow(3, 301, NOTHING);
}

static void latencies(struct by_hand *h, uint8_t peer, unsigned int n, uint64_t ns)
{
	struct latency l = {0};

	for (unsigned int i = 0; i < n; i++)
		latency_add(&l, ns);
	call(h, peer, (struct counters){.attempts = n, .latency = &l});
}

static void slower(unsigned int n, uint64_t ms, unsigned int n_rest, uint64_t rest_ms, int level)
{
	void *state;
	struct by_hand *h;

	assert_int_equal(by_hand_setup(&state), 0);
	h = state;
	latencies(h, 2, n, ms * NSEC_PER_MSEC);
	latencies(h, 3, n_rest, rest_ms * NSEC_PER_MSEC);
	by_hand_expect(h, "slow-connects", level);
	by_hand_teardown(&state);
}

static void test_slow_connects_by_latency(void **state)
{
	slower(20, 500, 20, 10, NOTICE);
	slower(19, 500, 20, 10, NOTHING);
	slower(20, 500, 19, 10, NOTHING);
	slower(20, 150, 20, 1, NOTHING);
	slower(20, 500, 20, 100, NOTHING);
	slower(0, 0, 0, 0, NOTHING);
}

static void reset(struct by_hand *h, const struct conn_subject *s, unsigned int direction,
		  enum reset_kind kind, uint64_t n)
{
	struct gathered_reset_key key;
	struct gathered_reset *r;

	memset(&key, 0, sizeof(key));
	key.direction = (uint8_t)direction;
	key.kind = (uint8_t)kind;
	key.is_served = s->is_served;
	key.port = s->is_served ? s->local.port : s->remote.port;
	key.addr.family = 4;
	memcpy(key.addr.bytes, s->remote.addr.bytes, 4);
	r = groups_get(&h->in.resets, &key);
	assert_non_null(r);
	r->n += n;
	r->first_ns = 1001 * NSEC_PER_SEC;
	r->last_ns = 1002 * NSEC_PER_SEC;
}

static void cut(unsigned int direction, enum reset_kind kind, uint64_t n, uint64_t conns, int level)
{
	const struct counters s = {.conns = conns, .established = conns};
	const struct conn_subject at = served_at(1, 2, 80);
	void *state;
	struct by_hand *h;

	assert_int_equal(by_hand_setup(&state), 0);
	h = state;
	by_hand_add(h, &at, &s);
	reset(h, &at, direction, kind, n);
	by_hand_expect(h, "resets", level);
	by_hand_teardown(&state);
}

static void test_resets(void **state)
{
	static const struct {
		uint8_t direction, kind;
	} cuts[] = {{REPORT_RECEIVED, RESET_MIDSTREAM},
		    {REPORT_SENT, RESET_ABORT},
		    {REPORT_SENT, RESET_INVALID}},
	  notices[] = {{REPORT_RECEIVED, RESET_AFTER_FIN}, {REPORT_SENT, RESET_LATE_DATA},
		       {REPORT_RECEIVED, RESET_HANDSHAKE}, {REPORT_SENT, RESET_HANDSHAKE},
		       {REPORT_SENT, RESET_LISTENER},	   {REPORT_SENT, RESET_NO_SOCKET}};

	for (size_t i = 0; i < ARRAY_SIZE(cuts); i++) {
		cut(cuts[i].direction, cuts[i].kind, 2, 2, NOTHING);
		cut(cuts[i].direction, cuts[i].kind, 3, 300, WARNING);
		cut(cuts[i].direction, cuts[i].kind, 3, 301, NOTHING);
		cut(cuts[i].direction, cuts[i].kind, 9, 9, WARNING);
		cut(cuts[i].direction, cuts[i].kind, 10, 21, WARNING);
		cut(cuts[i].direction, cuts[i].kind, 10, 20,
		    cuts[i].kind == RESET_ABORT ? CRITICAL : WARNING);
	}
	for (size_t i = 0; i < ARRAY_SIZE(notices); i++) {
		cut(notices[i].direction, notices[i].kind, 9, 9, NOTHING);
		cut(notices[i].direction, notices[i].kind, 10, 100, NOTICE);
		cut(notices[i].direction, notices[i].kind, 10, 101, NOTHING);
		cut(notices[i].direction, notices[i].kind, 100, 100, NOTICE);
	}
	cut(REPORT_SENT, RESET_KEEPALIVE, 1, 1000, WARNING);
	/* What refuses a connect, and what comes when all is over, is no such thing. */
	cut(REPORT_RECEIVED, RESET_REFUSED, 1000, 1000, NOTHING);
	cut(REPORT_RECEIVED, RESET_LATE, 1000, 1000, NOTHING);
}

static void test_resets_words(void **state)
{
	struct by_hand *h = *state;
	const struct counters s = {.conns = 100, .established = 100};
	const struct conn_subject a = served_at(1, 2, 80), b = served_at(1, 3, 80);

	by_hand_add(h, &a, &s);
	reset(h, &a, REPORT_RECEIVED, RESET_MIDSTREAM, 2);
	reset(h, &b, REPORT_RECEIVED, RESET_MIDSTREAM, 4);
	by_hand_find(h);
	assert_int_equal(by_hand_count(h, "resets"), 1);
	assert_string_equal(by_hand_first(h, "resets")->title,
			    "6 connections at port 80 of this host were cut by the peer's RST");
}

/* A program that asks for it gets what it wants. */
static void test_resets_asked_for(void **state)
{
	struct by_hand *h = *state;
	const struct conn_subject at = served_at(1, 2, 80);
	struct group_walk walk = {0};
	struct gathered_reset *r;

	by_hand_add(h, &at, &(struct counters){.conns = 10, .established = 10});
	reset(h, &at, REPORT_SENT, RESET_ABORT, 10);
	by_hand_expect(h, "resets", CRITICAL);
	r = groups_next(&h->in.resets, &walk);
	strcpy(r->key.reason, "TCP_ABORT_ON_LINGER");
	by_hand_expect(h, "resets", NOTICE);
}

static struct gathered_listener *listener(struct by_hand *h)
{
	const uint16_t port = 80;
	struct gathered_listener *l = groups_get(&h->in.listeners, &port);

	assert_non_null(l);
	return l;
}

static void test_backlog_synacks(void **state)
{
	struct by_hand *h = *state;
	const struct counters s = {.conns = 100, .accepted = 100};
	const struct conn_subject at = served_at(1, 2, 80);
	struct gathered_listener *l = listener(h);

	by_hand_add(h, &at, &s);
	l->by_timer = 2;
	l->half_open = 3;
	by_hand_expect(h, "backlog", NOTHING);
	l->by_repeat = 1;
	by_hand_expect(h, "backlog", WARNING);
	l->half_open = 2;
	by_hand_expect(h, "backlog", NOTHING);
	l->slow = 9;
	by_hand_expect(h, "backlog", NOTHING);
	l->slow = 10;
	by_hand_expect(h, "backlog", WARNING);
	by_hand_add(h, &at, &(struct counters){.accepted = 1});
	by_hand_expect(h, "backlog", NOTHING);
	l->half_open = 3;
	by_hand_add(h, &at, &(struct counters){.accepted = 199});
	by_hand_expect(h, "backlog", WARNING);
	by_hand_add(h, &at, &(struct counters){.accepted = 1});
	by_hand_expect(h, "backlog", NOTHING);
}

static void test_backlog_few(void **state)
{
	struct by_hand *h = *state;
	struct gathered_listener *l = listener(h);

	l->by_timer = 3;
	l->slow = 4;
	by_hand_expect(h, "backlog", NOTHING);
	l->slow = 5;
	by_hand_expect(h, "backlog", WARNING);
}

static void test_backlog_full(void **state)
{
	struct by_hand *h = *state;
	struct gathered_queue key, *q;

	memset(&key.key, 0, sizeof(key.key));
	key.key.netns = 4026531840;
	key.key.port = 80;
	q = groups_get(&h->in.queues, &key.key);
	assert_non_null(q);
	h->in.is_listening[80 / 8] |= 1u << 80 % 8;
	q->is_wanted = true;
	q->waiting = q->limit = 128;
	by_hand_expect(h, "backlog", NOTHING);
	q->waiting = 129;
	by_hand_expect(h, "backlog", CRITICAL);
	assert_non_null(strstr(by_hand_first(h, "backlog")->title, "129 wait, the limit is 128"));
	/* Behind a filter that asks for something else. */
	q->is_wanted = false;
	by_hand_expect(h, "backlog", NOTHING);
}

static void failed(int32_t err, uint64_t n, uint64_t segs, int level)
{
	void *state;
	struct by_hand *h;
	struct gathered_failure *f;

	assert_int_equal(by_hand_setup(&state), 0);
	h = state;
	call(h, 2, (struct counters){.segs = segs});
	f = groups_get(&h->in.failures, &err);
	assert_non_null(f);
	f->n = n;
	by_hand_expect(h, "local", level);
	by_hand_teardown(&state);
}

static void test_local(void **state)
{
	failed(-EPERM, 2, 0, NOTHING);
	failed(-EPERM, 3, 1000, WARNING);
	failed(1, 3, 1000, WARNING);
	failed(-12345, 3, 1000, WARNING);
	failed(INT32_MIN, 3, 1000, WARNING);
	failed(-EBUSY, 1000, 1000, NOTHING);
}

static void test_local_words(void **state)
{
	struct by_hand *h = *state;
	const int32_t err = -EPERM;
	struct gathered_failure *f = groups_get(&h->in.failures, &err);

	assert_non_null(f);
	f->n = 7;
	by_hand_find(h);
	assert_string_equal(by_hand_first(h, "local")->title,
			    "This host itself could not send: 7 attempts to send again failed with "
			    "EPERM");
}

static void test_window(void **state)
{
	struct by_hand *h = *state;

	h->in.exceeded = (struct gathered_pressure){9, 1, 2};
	h->in.queue_full = (struct gathered_pressure){9, 1, 2};
	by_hand_expect(h, "window", NOTHING);
	h->in.exceeded.n = 10;
	by_hand_expect(h, "window", WARNING);
	h->in.queue_full.n = 10;
	by_hand_find(h);
	assert_int_equal(by_hand_count(h, "window"), 2);
	h->in.zero_windows[0] =
		(struct zero_window){.subject = caller_of(1, 2, 443), .limited_us = 5};
	h->in.zero_windows[1] =
		(struct zero_window){.subject = caller_of(1, 3, 443), .is_ours = true};
	h->in.n_zero_windows = 2;
	by_hand_find(h);
	assert_int_equal(by_hand_count(h, "window"), 4);
	/* More than there is room for. */
	h->in.n_zero_windows = 1000;
	by_hand_find(h);
}

static void test_checksum(void **state)
{
	struct by_hand *h = *state;

	call(h, 2, (struct counters){.bad_csums = 2});
	by_hand_expect(h, "checksum", NOTHING);
	call(h, 2, (struct counters){.bad_csums = 1});
	by_hand_expect(h, "checksum", WARNING);
	assert_string_equal(by_hand_first(h, "checksum")->title,
			    "3 segments arrived damaged from 10.0.1.2");
	call(h, 3, (struct counters){.bad_csums = 1});
	by_hand_find(h);
	assert_string_equal(by_hand_first(h, "checksum")->title, "4 segments arrived damaged");
}

/* Nothing is wrong, or nothing was seen: that is not the same. */
static void test_quiet(void **state)
{
	struct by_hand *h = *state;
	const struct document_finding *x;

	call(h, 2, (struct counters){.attempts = 1, .sent_bytes = 1000});
	by_hand_expect(h, "quiet", DOCUMENT_GOOD);
	x = by_hand_first(h, "quiet");
	assert_string_equal(x->sure, "certain");
	assert_null(x->doubt);
	h->facts.recorded = 99;
	h->facts.lost = 1;
	by_hand_find(h);
	assert_string_equal(by_hand_first(h, "quiet")->sure, "likely");
	h->facts.recorded = 98;
	by_hand_find(h);
	assert_string_equal(by_hand_first(h, "quiet")->sure, "possible");
	h->facts.lost = 0;
	h->facts.damage = "cut";
	by_hand_find(h);
	assert_non_null(by_hand_first(h, "quiet")->doubt);
	h->facts.damage = NULL;
	h->context.recorded = ~TCP_KIND_BIT(TCP_KIND_RETRANSMIT);
	by_hand_find(h);
	assert_non_null(strstr(by_hand_first(h, "quiet")->doubt, "without retransmissions"));
	call(h, 2, (struct counters){.bad_csums = 3});
	by_hand_expect(h, "quiet", NOTHING);
}

static void test_quiet_of_nothing(void **state)
{
	struct by_hand *h = *state;

	h->in.n_events = 0;
	by_hand_expect(h, "quiet", DOCUMENT_GOOD);
	assert_string_equal(by_hand_first(h, "quiet")->sure, "possible");
	assert_string_equal(by_hand_first(h, "quiet")->title,
			    "There is no TCP in what was looked at");
	h->facts.recorded = 0;
	by_hand_find(h);
	assert_string_equal(by_hand_first(h, "quiet")->title,
			    "No TCP happened while this was recorded");
}

/* Counts of events are lower bounds where some are missing. */
static void test_missing_events_are_told(void **state)
{
	struct by_hand *h = *state;

	h->facts.undelivered = 1;
	call(h, 2, (struct counters){.bad_csums = 3});
	by_hand_find(h);
	assert_non_null(strstr(by_hand_first(h, "checksum")->doubt, "lower bounds"));
}

static void test_percent(void **state)
{
	static const struct {
		uint64_t ppm;
		const char *text;
	} cases[] = {{0, "0.00%"},    {1, "<0.01%"},   {99, "<0.01%"},	{100, "0.01%"},
		     {9949, "0.99%"}, {10000, "1.0%"}, {52000, "5.2%"}, {1000000, "100.0%"}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text t CLEANUP(text_done) = {0};

		percent_text(&t, cases[i].ppm);
		assert_string_equal(text_cstr(&t), cases[i].text);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, by_hand_setup, by_hand_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unreachable),
		TEST(test_unreachable_is_told),
		TEST(test_unreachable_many),
		cmocka_unit_test(test_connects),
		TEST(test_connects_words),
		TEST(test_connects_many),
		cmocka_unit_test(test_slow_connects_by_syn),
		cmocka_unit_test(test_slow_connects_by_latency),
		cmocka_unit_test(test_resets),
		TEST(test_resets_words),
		TEST(test_resets_asked_for),
		TEST(test_backlog_synacks),
		TEST(test_backlog_few),
		TEST(test_backlog_full),
		cmocka_unit_test(test_local),
		TEST(test_local_words),
		TEST(test_window),
		TEST(test_checksum),
		TEST(test_quiet),
		TEST(test_quiet_of_nothing),
		TEST(test_missing_events_are_told),
		cmocka_unit_test(test_percent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
