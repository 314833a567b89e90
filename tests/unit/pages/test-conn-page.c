// SPDX-License-Identifier: MIT
/* What the story of a connection says. */
#include "support/scene.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "gather/gather-view.h"
#include "pages/conn-page.h"
#include "tcp/names.h"
#include "tcp/reset-kind.h"

static const struct conn_pick any;

static struct scene *scene_of_story(void **state)
{
	struct scene *s = *state;

	s->in.pick = s->in.worst_conns.pick = &any;
	return s;
}

static struct conn_page page_of(struct scene *s, uint64_t n_conns)
{
	struct conn_page p;

	s->context.end_ns = SCENE_END_S * NSEC_PER_SEC;
	assert_int_equal(gather_view.emit(&s->in, NULL, NULL), 0);
	assert_int_equal(conn_page_make(&p, &s->in, &s->facts, n_conns, NULL), 0);
	return p;
}

static const struct document_item *fact(const struct conn_page *p, const char *key)
{
	for (size_t i = 0; i < p->document.n_facts; i++) {
		const struct document_item *item = &p->document.facts[i];

		if (!strcmp(item->key, key) && (item->cell.kind != CELL_ABSENT || item->words))
			return item;
	}
	return NULL;
}

static void expect_words(const struct conn_page *p, const char *key, const char *words)
{
	const struct document_item *item = fact(p, key);

	assert_non_null(item);
	assert_string_equal(item->words ? item->words : item->cell.str, words);
}

static void test_story_of_a_quiet_connection(void **state)
{
	struct scene *s = scene_of_story(state);
	struct conn_page p CLEANUP(conn_page_done) = {0};
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	c->knows_retrans = true;
	c->owner = (struct owner){.pid = 7, .comm = "curl", .basis = OWNER_CONNECT};
	c->opener_basis = OWNER_CONNECT;
	scene_end(s, c);
	p = page_of(s, 0);
	assert_int_equal(p.document.level, DOCUMENT_GOOD);
	assert_string_equal(p.document.verdict, "It lived for 8.000 s; nothing was retransmitted; "
						"this host closed first");
	expect_words(&p, "pid", "curl[7], by connect");
	expect_words(&p, "began", "this host connected: curl[7]");
	expect_words(&p, "connect_ns", "1.000 ms");
	expect_words(&p, "retrans", "none");
	assert_null(fact(&p, "chosen"));
	assert_null(fact(&p, "reset"));
	assert_null(fact(&p, "lost_ns"));
	assert_int_equal(p.document.n_tables, 1);
}

/* What was not recorded is not said to be none. */
static void test_story_says_what_was_not_recorded(void **state)
{
	struct scene *s = scene_of_story(state);
	struct conn_page p CLEANUP(conn_page_done) = {0};
	struct tcp_conn *c = scene_serve(s, 1, 2, 80);

	c->is_born = false;
	c->origin = TCP_ORIGIN_TABLE;
	c->ending = TCP_ENDING_OPEN;
	scene_end(s, c);
	p = page_of(s, 0);
	expect_words(&p, "retrans", "not recorded");
	assert_int_equal(fact(&p, "retrans")->cell.kind, CELL_ABSENT);
	expect_words(&p, "began", "before the recording");
	assert_null(fact(&p, "duration_ns"));
	expect_words(&p, "observed_ns", "8.000 s on the tape");
	assert_null(fact(&p, "connect_ns"));
	assert_string_equal(p.document.verdict,
			    "It is on the tape for 8.000 s; it is open where the tape ends");
}

static void test_story_of_a_reset(void **state)
{
	struct scene *s = scene_of_story(state);
	struct conn_page p CLEANUP(conn_page_done) = {0};
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	c->ending = TCP_ENDING_REMOTE_RESET;
	scene_cold(s, c)->err = ECONNRESET;
	scene_cold(s, c)->n_resets_received = 1;
	scene_cold(s, c)->reset = (struct tcp_conn_reset){
		.ts_ns = c->end_ns, .kind = RESET_AFTER_FIN, .state = TCP_STATE_FIN_WAIT1};
	scene_end(s, c);
	p = page_of(s, 0);
	expect_words(&p, "ended", "the peer sent a RST, ECONNRESET");
	expect_words(&p, "reset", "received: after-fin, in FIN_WAIT1; this host had closed before");
	assert_int_equal(p.document.level, DOCUMENT_WARNING);
}

/* Both states follow the peer's FIN, and only the second this host's, too. */
static void test_story_says_who_had_closed(void **state)
{
	static const struct {
		uint8_t state;
		const char *words;
	} cases[] = {
		{TCP_STATE_ESTABLISHED, "; nobody had closed before"},
		{TCP_STATE_CLOSE_WAIT, "; the peer had closed before"},
		{TCP_STATE_LAST_ACK, "; both had closed before"},
		{TCP_STATE_FIN_WAIT2, "; this host had closed before"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene *s;
		struct conn_page p CLEANUP(conn_page_done) = {0};
		struct tcp_conn *c;

		scene_anew(state);
		s = scene_of_story(state);
		c = scene_call(s, 1, 2, 443);
		scene_cold(s, c)->reset = (struct tcp_conn_reset){.ts_ns = c->end_ns,
								  .kind = RESET_MIDSTREAM,
								  .is_sent = true,
								  .state = cases[i].state};
		scene_end(s, c);
		p = page_of(s, 0);
		assert_non_null(strstr(fact(&p, "reset")->cell.str, cases[i].words));
	}
}

/* The figures are those of the recording, where the first table has the connection. */
static void test_story_has_what_the_recording_added(void **state)
{
	struct scene *s = scene_of_story(state);
	struct conn_page p CLEANUP(conn_page_done) = {0};
	struct tcp_conn *c = scene_serve(s, 1, 2, 80);
	struct tcp_info_values info = {.present = TCP_INFO_BIT(TCP_INFO_DSACK_DUPS) |
						  TCP_INFO_BIT(TCP_INFO_RWND_LIMITED_US)};
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, c);

	c->knows_retrans = true;
	e.state = TCP_STATE_ESTABLISHED;
	e.tcp_info = &info;
	e.dump = SOCKET_DUMP_START;
	info.values[TCP_INFO_DSACK_DUPS] = 4;
	info.values[TCP_INFO_RWND_LIMITED_US] = 1000;
	scene_feed(s, &e);
	e.dump = SOCKET_DUMP_END;
	info.values[TCP_INFO_DSACK_DUPS] = 5;
	info.values[TCP_INFO_RWND_LIMITED_US] = 3000;
	scene_feed(s, &e);
	scene_end(s, c);
	p = page_of(s, 0);
	assert_int_equal(fact(&p, "spurious")->cell.u64, 1);
	assert_int_equal(fact(&p, "tcp_info_dsack_dups")->cell.u64, 5);
	expect_words(&p, "limited", "held back 2.000 ms by the peer's receive window");
}

static void test_story_of_the_worst_says_why(void **state)
{
	struct scene *s = scene_of_story(state);
	struct conn_page p CLEANUP(conn_page_done) = {0};
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	for (int i = 0; i < 4; i++)
		scene_retransmit(s, c, TCP_CAUSE_RTO);
	c->n_retrans = 4;
	scene_cold(s, c)->n_timeouts = 4;
	scene_end(s, c);
	p = page_of(s, 12);
	expect_words(&p, "chosen",
		     "the worst of 12 connections: 4 consecutive timeouts, 4 retransmissions");
	assert_int_equal(p.document.level, DOCUMENT_WARNING);
}

/* Where the user named one, the others that fit are listed with the option that picks each. */
static void test_story_lists_the_others(void **state)
{
	struct scene *s = scene_of_story(state);
	struct conn_page p CLEANUP(conn_page_done) = {0};
	struct tcp_conn *worst = scene_call(s, 1, 2, 443), *with_cookie = scene_call(s, 1, 2, 443);
	const struct document_table *others;
	const char *options[2] = {0};

	worst->n_retrans = 9;
	with_cookie->cookie = 77;
	scene_end(s, worst);
	scene_end(s, with_cookie);
	scene_end(s, scene_call(s, 1, 2, 443));
	p = page_of(s, 0);
	assert_int_equal(p.document.n_tables, 2);
	others = &p.document.tables[1];
	assert_string_equal(others->id, "others");
	assert_int_equal(others->n_rows, 2);
	for (size_t i = 0; i < others->n_columns; i++) {
		for (size_t row = 0; row < 2 && !strcmp(others->columns[i].key, "option"); row++)
			options[row] = others->cells[row * others->n_columns + i].str;
	}
	assert_string_equal(options[0], "--cookie 77");
	assert_string_equal(options[1], "--number 3");
}

/* What of its life lost events overlap. */
static void test_story_says_what_was_lost(void **state)
{
	static const struct tape_gap gaps[] = {
		{0, SCENE_START_S * NSEC_PER_SEC},
		{SCENE_START_S * NSEC_PER_SEC, (SCENE_START_S + 2) * NSEC_PER_SEC},
		{(SCENE_START_S + 3) * NSEC_PER_SEC, (SCENE_START_S + 4) * NSEC_PER_SEC},
		{SCENE_END_S * NSEC_PER_SEC, (SCENE_END_S + 1) * NSEC_PER_SEC},
	};
	struct scene *s = scene_of_story(state);
	struct conn_page p CLEANUP(conn_page_done) = {0};

	s->facts.gaps = gaps;
	s->facts.n_gaps = ARRAY_SIZE(gaps);
	scene_end(s, scene_call(s, 1, 2, 443));
	p = page_of(s, 0);
	assert_int_equal(fact(&p, "lost_ns")->cell.u64, 2 * NSEC_PER_SEC);
}

static void test_story_of_no_connection(void **state)
{
	struct scene *s = scene_of_story(state);
	struct conn_page p CLEANUP(conn_page_done) = {0};

	assert_int_equal(gather_view.emit(&s->in, NULL, NULL), 0);
	assert_int_equal(conn_page_make(&p, &s->in, &s->facts, 0, NULL), -ENOENT);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_story_of_a_quiet_connection),
		TEST(test_story_says_what_was_not_recorded),
		TEST(test_story_of_a_reset),
		TEST(test_story_says_who_had_closed),
		TEST(test_story_has_what_the_recording_added),
		TEST(test_story_of_the_worst_says_why),
		TEST(test_story_lists_the_others),
		TEST(test_story_says_what_was_lost),
		TEST(test_story_of_no_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
