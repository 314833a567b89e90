// SPDX-License-Identifier: MIT
/* RSTs of each kind, on both sides of each threshold. */
#include "support/scene.h"

#include <string.h>

#include "tcp/names.h"
#include "tcp/reset-kind.h"

#define NOTICE	 DOCUMENT_NOTICE
#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

/* What makes a RST one of its kind: who sends it, in which state. */
struct reset_case {
	enum tcp_kind event;
	int32_t state;
	enum reset_kind kind;
	const char *reason;
};

#define SENT	 TCP_KIND_SEND_RESET
#define RECEIVED TCP_KIND_RECEIVE_RESET

static const struct reset_case midstream = {RECEIVED, TCP_STATE_ESTABLISHED, RESET_MIDSTREAM, NULL};
static const struct reset_case aborted = {SENT, TCP_STATE_CLOSE, RESET_ABORT, NULL};
static const struct reset_case keepalive = {SENT, TCP_STATE_ESTABLISHED, RESET_KEEPALIVE,
					    "TCP_KEEPALIVE_TIMEOUT"};

static const struct reset_case cuts[] = {
	{RECEIVED, TCP_STATE_ESTABLISHED, RESET_MIDSTREAM, NULL},
	{SENT, TCP_STATE_CLOSE, RESET_ABORT, NULL},
	{SENT, TCP_STATE_ESTABLISHED, RESET_INVALID, NULL},
};

static const struct reset_case notices[] = {
	{RECEIVED, TCP_STATE_FIN_WAIT2, RESET_AFTER_FIN, NULL},
	{SENT, TCP_STATE_LAST_ACK, RESET_LATE_DATA, NULL},
	{RECEIVED, TCP_STATE_SYN_RECV, RESET_HANDSHAKE, NULL},
	{SENT, TCP_STATE_NEW_SYN_RECV, RESET_HANDSHAKE, NULL},
	{SENT, TCP_STATE_LISTEN, RESET_LISTENER, NULL},
	{SENT, TCP_STATE_NONE, RESET_NO_SOCKET, NULL},
};

static void feed_resets(struct scene *s, const struct reset_case *r, size_t n, uint8_t host)
{
	struct tcp_conn *c = scene_serve(s, 1, host, 80);
	struct tcp_event e = scene_event(s, r->event, c);

	c->state = (uint8_t)r->state;
	e.state = r->state;
	e.present = r->event == SENT ? TCP_FIELD_BIT(TCP_FIELD_STATE) : 0;
	e.reason_name = r->reason;
	assert_int_equal(reset_kind_of(&e), r->kind);
	while (n--)
		scene_feed(s, &e);
}

static void cut(void **state, const struct reset_case *r, size_t n, size_t conns, int level)
{
	struct scene *s = scene_anew(state);

	scene_end_serves(s, conns, 1, 2, 80);
	feed_resets(s, r, n, 2);
	scene_expect(s, "resets", level);
}

static void test_resets_that_cut_connections(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cuts); i++) {
		const struct reset_case *r = &cuts[i];

		cut(state, r, 2, 2, NOTHING);
		cut(state, r, 3, 300, WARNING);
		cut(state, r, 3, 301, NOTHING);
		cut(state, r, 9, 9, WARNING);
		cut(state, r, 10, 21, WARNING);
		cut(state, r, 10, 20, r->kind == RESET_ABORT ? CRITICAL : WARNING);
	}
	cut(state, &keepalive, 1, 1000, WARNING);
}

static void test_resets_around_closing_and_handshakes(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(notices); i++) {
		cut(state, &notices[i], 9, 9, NOTHING);
		cut(state, &notices[i], 10, 100, NOTICE);
		cut(state, &notices[i], 10, 101, NOTHING);
		cut(state, &notices[i], 100, 100, NOTICE);
	}
}

/* A RST that refuses a connect is for another detector, and one after both sides have closed is for
 * none. */
static void test_resets_of_no_interest(void **state)
{
	const struct reset_case refused = {RECEIVED, TCP_STATE_SYN_SENT, RESET_REFUSED, NULL};
	const struct reset_case late = {RECEIVED, TCP_STATE_LAST_ACK, RESET_LATE, NULL};

	cut(state, &refused, 1000, 1000, NOTHING);
	cut(state, &late, 1000, 1000, NOTHING);
}

static void test_resets_words(void **state)
{
	struct scene *s = *state;

	scene_end_serves(s, 100, 1, 2, 80);
	feed_resets(s, &midstream, 2, 2);
	feed_resets(s, &midstream, 4, 3);
	scene_find(s);
	assert_int_equal(scene_count(s, "resets"), 1);
	assert_string_equal(scene_first(s, "resets")->title,
			    "6 connections at port 80 of this host were cut by the peer's RST");
	s = scene_anew(state);
	scene_end_serves(s, 100, 1, 2, 80);
	feed_resets(s, &midstream, 6, 3);
	scene_find(s);
	assert_string_equal(
		scene_first(s, "resets")->title,
		"6 connections at port 80 of this host with 10.0.1.3 were cut by the peer's RST");
}

/* With SO_LINGER 0 a program gets what it asks for. */
static void test_resets_asked_for(void **state)
{
	const struct reset_case asked = {SENT, TCP_STATE_CLOSE, RESET_ABORT, "TCP_ABORT_ON_LINGER"};

	cut(state, &aborted, 10, 10, CRITICAL);
	cut(state, &asked, 10, 10, NOTICE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_resets_that_cut_connections),
		TEST(test_resets_around_closing_and_handshakes),
		TEST(test_resets_of_no_interest),
		TEST(test_resets_words),
		TEST(test_resets_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
