// SPDX-License-Identifier: MIT
/* RSTs of each class, on both sides of each threshold, and what is said of them. */
#include "support/scene.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "detect/reset-class.h"
#include "tcp/names.h"
#include "tcp/reset-kind.h"

#define NOTICE	 DOCUMENT_NOTICE
#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

enum { HERE, THERE }; /* where the server is */

/* A connection that a RST cut. */
struct cut {
	int server;
	bool is_received;
	enum reset_kind kind;
	int state;
	const char *reason;
	uint64_t tx, rx, unacked;
	bool has_bytes;
	uint64_t age_ms;
};

static struct tcp_conn *cut_conn(struct scene *s, const struct cut *k, uint8_t host)
{
	struct tcp_conn *c =
		k->server == HERE ? scene_serve(s, 1, host, 80) : scene_call(s, 1, host, 80);
	struct tcp_conn_cold *cold = scene_cold(s, c);
	struct tcp_conn_info *info = arena_alloc(&s->arena, sizeof(*info));

	assert_non_null(info);
	c->end_ns = c->seen_ns + k->age_ms * NSEC_PER_MSEC;
	c->owner = (struct owner){.pid = 900, .basis = OWNER_CLOSE, .comm = "nginx"};
	cold->n_resets_received = k->is_received;
	cold->n_resets_sent = !k->is_received;
	cold->reset = (struct tcp_conn_reset){
		.ts_ns = c->end_ns,
		.kind = k->kind,
		.state = (uint8_t)k->state,
		.reason = k->reason,
		.is_sent = !k->is_received,
	};
	*info = (struct tcp_conn_info){.tx_bytes = k->tx,
				       .rx_bytes = k->rx,
				       .unacked_bytes = k->unacked,
				       .has_unacked = k->has_bytes,
				       .has_bytes = k->has_bytes};
	c->tcp_info = info;
	c->has_final = k->has_bytes;
	return c;
}

static void end_cuts(struct scene *s, const struct cut *k, size_t n, uint8_t host)
{
	while (n--)
		scene_end(s, cut_conn(s, k, host));
}

/* n connections that are cut, among `all` at the port. */
static void expect_cuts(void **state, const struct cut *k, size_t n, size_t all, int level)
{
	struct scene *s = scene_anew(state);

	if (k->server == HERE)
		scene_end_serves(s, all - n, 1, 2, 80);
	else
		scene_end_calls(s, all - n, 1, 2, 80);
	end_cuts(s, k, n, 2);
	scene_expect(s, "resets", level);
}

#define EST	       TCP_STATE_ESTABLISHED
#define BYTES(t, r, u) .tx = (t), .rx = (r), .unacked = (u), .has_bytes = true, .age_ms = 5000

static const struct cut by_server = {THERE, true, RESET_MIDSTREAM, EST, NULL, BYTES(9, 9, 0)};
static const struct cut by_us = {HERE,		false, RESET_ABORT, EST, "TCP_ABORT_ON_CLOSE",
				 BYTES(0, 9, 0)};
static const struct cut left = {HERE, true, RESET_MIDSTREAM, EST, NULL, BYTES(9, 9, 0)};
static const struct cut left_busy = {HERE, true, RESET_MIDSTREAM, EST, NULL, BYTES(9, 9, 5)};
static const struct cut race_there = {THERE, true,	    RESET_AFTER_FIN, TCP_STATE_CLOSE_WAIT,
				      NULL,  BYTES(9, 9, 5)};
static const struct cut race_here = {
	HERE, false, RESET_LATE_DATA, TCP_STATE_FIN_WAIT2, "TCP_ABORT_ON_DATA", BYTES(9, 9, 0)};

static void test_resets_that_cut_connections(void **state)
{
	const struct cut kernel = {HERE, false, RESET_INVALID, EST, NULL, BYTES(9, 9, 0)};
	const struct cut unaccepted = {HERE, false,	  RESET_UNACCEPTED,
				       EST,  "TCP_STATE", BYTES(0, 0, 0)};
	const struct cut cuts[] = {by_server, by_us, race_there, race_here, kernel, unaccepted};

	for (size_t i = 0; i < ARRAY_SIZE(cuts); i++) {
		const struct cut *k = &cuts[i];

		expect_cuts(state, k, 2, 2, NOTHING);
		expect_cuts(state, k, 3, 300, WARNING);
		expect_cuts(state, k, 3, 301, NOTHING);
		expect_cuts(state, k, 9, 9, WARNING);
		expect_cuts(state, k, 10, 21, WARNING);
		expect_cuts(state, k, 10, 20, k->kind == RESET_ABORT ? CRITICAL : WARNING);
	}
}

/* One is enough. */
static void test_resets_that_are_always_told(void **state)
{
	static const enum reset_kind kinds[] = {RESET_KEEPALIVE, RESET_DESTROYED, RESET_MEMORY};
	struct cut k = by_us;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		k.kind = kinds[i];
		expect_cuts(state, &k, 1, 1000, WARNING);
	}
	/* The error comes after the RST. */
	for (int err = 0; err < 2; err++) {
		struct scene *s = scene_anew(state);
		struct tcp_conn *c;

		k.kind = RESET_INVALID;
		k.reason = NULL;
		c = cut_conn(s, &k, 2);
		c->cold->err = err ? ECONNABORTED : ETIMEDOUT;
		scene_end(s, c);
		scene_find(s);
		assert_non_null(strstr(scene_first(s, "resets")->title,
				       err ? "administrator" : "keepalive"));
	}
}

/* Clients leave when they like: a share of all tells, and a client that ends is no trouble. */
static void test_resets_of_clients_that_leave(void **state)
{
	const struct cut here = {THERE,		false, RESET_ABORT, EST, "TCP_ABORT_ON_CLOSE",
				 BYTES(9, 9, 0)};
	struct scene *s;

	expect_cuts(state, &left_busy, 9, 9, NOTHING);
	expect_cuts(state, &left_busy, 10, 101, NOTHING);
	expect_cuts(state, &left_busy, 10, 100, NOTICE);
	/* All within a second, from one peer: its program ended. */
	expect_cuts(state, &left_busy, 100, 100, NOTICE);
	expect_cuts(state, &left, 10, 21, NOTHING);
	expect_cuts(state, &left, 10, 20, NOTICE);
	expect_cuts(state, &here, 10, 101, NOTHING);
	expect_cuts(state, &here, 100, 100, NOTICE);
	/* Nothing is wrong then, and that comes first. */
	s = *state;
	assert_string_equal(s->findings.items[0]->shown.id, "quiet");
	assert_int_equal(s->findings.items[0]->shown.level, DOCUMENT_GOOD);
	assert_string_equal(s->findings.items[1]->shown.id, "resets");
	/* A load test opens a connection first to see whether it can, and leaves that one, too. */
	for (size_t n_before = 1; n_before <= 5; n_before += 4) {
		s = scene_anew(state);
		for (size_t i = 0; i < n_before; i++) {
			struct tcp_conn *c = cut_conn(s, &here, 2);

			c->cold->reset.ts_ns -= 2 * NSEC_PER_SEC;
			scene_end(s, c);
		}
		end_cuts(s, &here, 20, 2);
		scene_expect(s, "resets", NOTICE);
		assert_int_equal(scene_count(s, "quiet"), n_before == 1);
	}
	/* From several peers: many lose patience. */
	s = scene_anew(state);
	end_cuts(s, &left_busy, 5, 2);
	end_cuts(s, &left_busy, 5, 3);
	scene_end_serves(s, 10, 1, 2, 80);
	scene_expect(s, "resets", WARNING);
	assert_int_equal(scene_count(s, "quiet"), 0);
	s = scene_anew(state);
	end_cuts(s, &left_busy, 5, 2);
	end_cuts(s, &left_busy, 5, 3);
	scene_end_serves(s, 11, 1, 2, 80);
	scene_expect(s, "resets", NOTICE);
	assert_int_equal(scene_count(s, "quiet"), 0);
}

/* Health checks: young, and without a byte. */
static void test_resets_of_checks(void **state)
{
	struct cut check = {HERE,	  true, RESET_MIDSTREAM, EST, NULL, .has_bytes = true,
			    .age_ms = 999};
	struct cut checker = {THERE, false, RESET_ABORT, EST, "TCP_STATE", .age_ms = 999};

	expect_cuts(state, &check, 1000, 1000, NOTHING);
	expect_cuts(state, &checker, 1000, 1000, NOTHING);
	/* A client that waits for the server's first word, and leaves. */
	check.age_ms = 1000;
	expect_cuts(state, &check, 1000, 1000, NOTICE);
	checker.age_ms = 1000;
	expect_cuts(state, &checker, 1000, 1000, NOTICE);
	/* Data went over it, though it was young. */
	check.age_ms = 999;
	check.tx = 9;
	expect_cuts(state, &check, 1000, 1000, NOTICE);
	check.tx = 0;
	/* Nobody knows whether data went over it. */
	check.has_bytes = false;
	expect_cuts(state, &check, 1000, 1000, NOTICE);
}

/* With SO_LINGER 0 a program gets what it asks for. */
static void test_resets_asked_for(void **state)
{
	struct cut asked = by_us;

	asked.reason = "TCP_ABORT_ON_LINGER";
	expect_cuts(state, &asked, 10, 10, NOTICE);
	asked.reason = NULL;
	expect_cuts(state, &asked, 10, 10, CRITICAL);
}

/* A proxy that has its answer, and wants no socket in TIME_WAIT: nothing was under way. */
static void test_resets_asked_for_by_a_client(void **state)
{
	const struct cut asked = {THERE, false, RESET_ABORT, EST, "TCP_STATE", BYTES(9, 9, 0)};

	expect_cuts(state, &asked, 10, 21, NOTHING);
	expect_cuts(state, &asked, 10, 20, NOTICE);
	assert_null(strstr(scene_first(*state, "resets")->title, "under way"));
	assert_non_null(strstr(scene_first(*state, "resets")->title, "asks for that"));
}

static const struct document_finding *find_one(struct scene *s)
{
	scene_find(s);
	assert_int_equal(scene_count(s, "resets"), 1);
	return scene_first(s, "resets");
}

static void expect_title(struct scene *s, const char *title)
{
	assert_string_equal(find_one(s)->title, title);
}

static void test_resets_words(void **state)
{
	struct scene *s = *state;

	scene_end_calls(s, 100, 1, 2, 80);
	end_cuts(s, &by_server, 2, 2);
	end_cuts(s, &by_server, 4, 3);
	expect_title(s, "6 connections at port 80 were cut by the peer's RST");
	s = scene_anew(state);
	end_cuts(s, &by_server, 6, 3);
	expect_title(s, "6 connections at port 80 of 10.0.1.3 were cut by the peer's RST");
	s = scene_anew(state);
	end_cuts(s, &by_us, 6, 3);
	expect_title(s, "6 connections at port 80 of this host with 10.0.1.3 were cut by this "
			"host's RST");
}

/* The keep-alive race is that of connections which had been used, and of small requests. */
static void test_resets_that_lose_requests(void **state)
{
	struct scene *s = *state;
	struct cut k = race_there;

	end_cuts(s, &k, 3, 2);
	expect_title(s, "3 requests at port 80 of 10.0.1.2 were lost: the peer had closed the "
			"connection");
	assert_string_equal(scene_first(s, "resets")->sure, "certain");
	assert_non_null(strstr(scene_first(s, "resets")->meaning, "keep-alive race"));
	s = scene_anew(state);
	k.unacked = 16385;
	end_cuts(s, &k, 3, 2);
	expect_title(s,
		     "3 connections at port 80 of 10.0.1.2 were cut while this host was sending: "
		     "the peer had closed them");
	/* Nothing was lost that anybody knows of. */
	k.unacked = 0;
	expect_cuts(state, &k, 9, 9, NOTHING);
	expect_cuts(state, &k, 10, 100, NOTICE);
	s = scene_anew(state);
	end_cuts(s, &race_here, 3, 2);
	expect_title(s, "3 requests at port 80 of this host with 10.0.1.2 were lost: they came "
			"when the connection had been closed here");
	s = scene_anew(state);
	k = race_here;
	k.tx = 0;
	end_cuts(s, &k, 3, 2);
	expect_title(s, "3 connections at port 80 of this host with 10.0.1.2 got data after this "
			"host had closed them");
}

static void time_wait_reset(struct scene *s, const struct tcp_conn *c)
{
	struct tcp_conn seen = *c;
	struct tcp_event e = scene_event(s, TCP_KIND_SEND_RESET, &seen);

	e.conn = NULL;
	e.state = TCP_STATE_TIME_WAIT;
	e.present = TCP_FIELD_BIT(TCP_FIELD_STATE);
	scene_feed(s, &e);
}

/* A socket in TIME_WAIT is joined with its connection by the ends, whichever comes first. */
static void test_resets_of_time_wait(void **state)
{
	for (int order = 0; order < 3; order++) {
		struct scene *s = scene_anew(state);

		for (uint8_t host = 2; host < 5; host++) {
			struct cut k = race_here;
			struct tcp_conn *c;

			k.tx = order == 2 ? 0 : 9;
			c = cut_conn(s, &k, host);
			c->cold->n_resets_sent = 0;
			c->last_state = TCP_STATE_FIN_WAIT2;
			gathered_note_listening(&s->in, 80);
			if (order != 1)
				scene_end(s, c);
			time_wait_reset(s, c);
			if (order == 1)
				scene_end(s, c);
		}
		expect_title(s, order == 2 ? "3 connections at port 80 of this host got data after "
					     "this host had closed them"
					   : "3 requests at port 80 of this host were lost: they "
					     "came when the connection had been closed here");
	}
}

/* What was under way to a connection that this host has ended with a RST is answered, too, and is
 * no call of a port that nobody listens on. */
static void test_resets_of_what_was_under_way(void **state)
{
	for (int is_ended = 0; is_ended <= 1; is_ended++) {
		struct scene *s = scene_anew(state);
		const struct tcp_conn *c = scene_serve(s, 1, 2, 80);
		struct tcp_event e = scene_event(s, TCP_KIND_SEND_RESET, c);

		e.state = TCP_STATE_CLOSE;
		e.present = TCP_FIELD_BIT(TCP_FIELD_STATE);
		if (is_ended)
			scene_feed(s, &e);
		e.state = TCP_STATE_NONE;
		e.conn = NULL;
		for (size_t i = 0; i < 50; i++)
			scene_feed(s, &e);
		scene_expect(s, "resets", is_ended ? NOTHING : NOTICE);
	}
}

/* RSTs of single segments: they are counted when they are sent. */
static void segments(void **state, int32_t tcp_state, const char *reason, size_t n, size_t all,
		     int level)
{
	struct scene *s = scene_anew(state);
	struct tcp_event e;

	scene_end_serves(s, all, 1, 2, 80);
	e = scene_event(s, TCP_KIND_SEND_RESET, scene_serve(s, 1, 2, 80));
	e.state = tcp_state;
	e.present = TCP_FIELD_BIT(TCP_FIELD_STATE);
	e.reason_name = reason;
	while (n--)
		scene_feed(s, &e);
	scene_expect(s, "resets", level);
}

static void test_resets_of_segments(void **state)
{
	static const int states[] = {TCP_STATE_LISTEN, TCP_STATE_NONE, TCP_STATE_NEW_SYN_RECV};

	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		segments(state, states[i], NULL, 9, 9, NOTHING);
		segments(state, states[i], NULL, 10, 100, NOTICE);
		segments(state, states[i], NULL, 10, 101, NOTHING);
	}
	segments(state, TCP_STATE_LISTEN, "INVALID_SYN", 2, 2, NOTHING);
	segments(state, TCP_STATE_LISTEN, "INVALID_SYN", 3, 300, WARNING);
}

/* The event of a listener's RST has no peer; if the peer is on this host, its own event has, and
 * comes in the same moment. */
static void test_resets_of_a_listener_name_their_peer(void **state)
{
	for (int is_late = 0; is_late <= 1; is_late++) {
		struct scene *s = scene_anew(state);
		const struct tcp_conn *c = scene_serve(s, 1, 2, 80);
		struct tcp_event sent = scene_event(s, TCP_KIND_SEND_RESET, c), got;

		sent.conn = NULL;
		sent.remote = (struct endpoint){0};
		sent.state = TCP_STATE_LISTEN;
		sent.present = TCP_FIELD_BIT(TCP_FIELD_STATE);
		sent.reason_name = "INVALID_SYN";
		got = scene_event(s, TCP_KIND_RECEIVE_RESET, c);
		got.conn = NULL;
		got.local = c->remote;
		got.remote = c->local;
		got.ts_ns += 10 * NSEC_PER_MSEC + (uint64_t)is_late;
		gathered_note_listening(&s->in, 80);
		for (int i = 0; i < 3; i++)
			scene_feed(s, &sent);
		for (int i = 0; i < 3; i++)
			scene_feed(s, &got);
		expect_title(s, is_late ? "3 handshakes at port 80 of this host were reset: the "
					  "accept queue was full"
					: "3 handshakes at port 80 of this host with 10.0.1.2 were "
					  "reset: the accept queue was full");
	}
}

/* A RST that refuses a connect is for another detector, and one after both sides have closed is for
 * none. */
static void test_resets_of_no_interest(void **state)
{
	struct cut k = by_server;

	k.kind = RESET_REFUSED;
	k.state = TCP_STATE_SYN_SENT;
	expect_cuts(state, &k, 1000, 1000, NOTHING);
	k.kind = RESET_LATE;
	k.state = TCP_STATE_LAST_ACK;
	expect_cuts(state, &k, 1000, 1000, NOTHING);
	/* But data was under way. */
	k.unacked = 5;
	expect_cuts(state, &k, 3, 3, WARNING);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_resets_that_cut_connections),
		TEST(test_resets_that_are_always_told),
		TEST(test_resets_of_clients_that_leave),
		TEST(test_resets_of_checks),
		TEST(test_resets_asked_for),
		TEST(test_resets_asked_for_by_a_client),
		TEST(test_resets_words),
		TEST(test_resets_that_lose_requests),
		TEST(test_resets_of_time_wait),
		TEST(test_resets_of_what_was_under_way),
		TEST(test_resets_of_segments),
		TEST(test_resets_of_a_listener_name_their_peer),
		TEST(test_resets_of_no_interest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
