// SPDX-License-Identifier: MIT
/* Answers that come from another address than the connection was opened to. */
#include "support/scene.h"

#include <string.h>

#include "base/units.h"
#include "tcp/names.h"

/* A segment from 10.0.9.HOST:8080 to the local end of c, which no socket belongs to. */
static void stray(struct scene *s, const struct tcp_conn *c, uint8_t host)
{
	struct tcp_event e = scene_event(s, TCP_KIND_SEND_RESET, c);

	e.conn = NULL;
	e.remote = scene_peer(9, host, 8080);
	scene_feed(s, &e);
}

static struct tcp_conn *hanging(struct scene *s, uint16_t lport)
{
	struct tcp_conn *c = scene_call(s, 1, 2, 80);

	c->local.port = lport;
	c->n_retrans = 3;
	return c;
}

static void test_translation_that_is_lost(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c;

	for (uint16_t i = 0; i < 3; i++) {
		c = hanging(s, (uint16_t)(40000 + i));
		for (int k = 0; k < 5; k++)
			stray(s, c, 9);
		scene_end(s, c);
	}
	scene_expect(s, "translation", DOCUMENT_CRITICAL);
	assert_string_equal(scene_first(s, "translation")->title,
			    "3 connections to 10.0.1.2:80 hang: the answers to them come from "
			    "10.0.9.9");
	/* The RSTs are explained. */
	assert_int_equal(scene_count(s, "resets"), 0);
	s = scene_anew(state);
	c = hanging(s, 40000);
	stray(s, c, 9);
	scene_end(s, c);
	scene_expect(s, "translation", DOCUMENT_WARNING);
}

/* What the connections send again meanwhile is a consequence, and is not told as loss. */
static void test_translation_explains_what_is_sent_again(void **state)
{
	for (int has_strays = 0; has_strays <= 1; has_strays++) {
		struct scene *s = scene_anew(state);

		for (uint16_t i = 0; i < 8; i++) {
			struct tcp_conn *c = hanging(s, (uint16_t)(40000 + i));

			if (has_strays)
				stray(s, c, 9);
			for (int k = 0; k < 2; k++)
				scene_retransmit(s, c, TCP_CAUSE_RTO);
			c->n_retrans = 2;
			scene_cold(s, c)->n_timeouts = 2;
			scene_final(s, c,
				    &(struct tcp_info_growth){.sent_bytes = 400,
							      .acked_bytes = 100,
							      .retrans_bytes = 200,
							      .retrans_segs = 2,
							      .timeouts = 2});
			scene_end(s, c);
		}
		scene_expect(s, "loss", has_strays ? NOTHING : DOCUMENT_WARNING);
		assert_int_equal(scene_count(s, "timeouts"), !has_strays);
		assert_int_equal(scene_count(s, "translation"), has_strays);
	}
}

/* What is not joined: each case differs in one thing from a lost translation. */
static void test_translation_that_is_none(void **state)
{
	enum { HEALTHY, SAME_ADDRESS, SERVED, OTHER_PORT, BEFORE, LONG_AFTER, CASES };

	for (int i = 0; i < CASES; i++) {
		struct scene *s = scene_anew(state);
		struct tcp_conn *c = hanging(s, 40000), other;

		c->n_retrans = i != HEALTHY;
		if (i == SAME_ADDRESS)
			c->remote = scene_peer(9, 9, 80);
		if (i == SERVED)
			c->origin = TCP_ORIGIN_ACCEPT;
		other = *c;
		other.local.port += i == OTHER_PORT;
		if (i == BEFORE)
			c->seen_ns = s->now_ns + 1;
		if (i == LONG_AFTER)
			s->now_ns = c->end_ns + 61 * NSEC_PER_SEC;
		stray(s, &other, 9);
		scene_end(s, c);
		scene_expect(s, "translation", NOTHING);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_translation_that_is_lost),
		TEST(test_translation_explains_what_is_sent_again),
		TEST(test_translation_that_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
