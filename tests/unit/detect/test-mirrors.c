// SPDX-License-Identifier: MIT
/* What has both ends on one host is told once. */
#include "support/scene.h"

#include <string.h>

#include "detect/mirrors.h"
#include "tcp/names.h"
#include "tcp/reset-kind.h"

#define PORT 8080

/* The other end of a connection, a socket of the same host. */
static struct tcp_conn other_end(struct scene *s, const struct tcp_conn *c)
{
	struct tcp_conn d = *c;

	d.id = ++s->n_conns;
	d.local = c->remote;
	d.remote = c->local;
	d.origin = c->origin == TCP_ORIGIN_CONNECT ? TCP_ORIGIN_ACCEPT : TCP_ORIGIN_CONNECT;
	return d;
}

static void feed_reset(struct scene *s, enum tcp_kind kind, const struct tcp_conn *c, int32_t state)
{
	struct tcp_event e = scene_event(s, kind, c);

	e.state = state;
	e.present = kind == TCP_KIND_SEND_RESET ? TCP_FIELD_BIT(TCP_FIELD_STATE) : 0;
	scene_feed(s, &e);
}

/* Feeds the RST that ends an open connection, and keeps it there, as the tracker does. */
static void cut_by(struct scene *s, enum tcp_kind kind, struct tcp_conn *c)
{
	bool is_sent = kind == TCP_KIND_SEND_RESET;

	c->cold = NULL;
	scene_cold(s, c)->n_resets_sent = is_sent;
	c->cold->n_resets_received = !is_sent;
	c->cold->reset = (struct tcp_conn_reset){.ts_ns = s->now_ns,
						 .kind = is_sent ? RESET_ABORT : RESET_MIDSTREAM,
						 .state = TCP_STATE_ESTABLISHED,
						 .is_sent = is_sent};
	feed_reset(s, kind, c, is_sent ? TCP_STATE_CLOSE : 0);
}

/* n connections to a port, which their client cuts; of `twins` of them the server is on this host,
 * too. is_sent_first: the event of sending comes before that of receiving. */
static void cut(struct scene *s, size_t n, size_t twins, bool is_sent_first)
{
	for (size_t i = 0; i < n; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, PORT);
		struct tcp_conn d = other_end(s, c);

		c->local.port = d.remote.port = (uint16_t)(20000 + i);
		c->state = TCP_STATE_CLOSE;
		d.state = TCP_STATE_ESTABLISHED;
		if (is_sent_first) {
			cut_by(s, TCP_KIND_SEND_RESET, c);
			/* A further segment that was under way is answered, too. */
			feed_reset(s, TCP_KIND_SEND_RESET, c, TCP_STATE_NONE);
		}
		if (i < twins)
			cut_by(s, TCP_KIND_RECEIVE_RESET, &d);
		if (!is_sent_first)
			cut_by(s, TCP_KIND_SEND_RESET, c);
		scene_end(s, c);
		if (i < twins)
			scene_end(s, &d);
	}
}

static const char *evidence(const struct document_finding *f, const char *key)
{
	for (size_t i = 0; i < f->n_evidence; i++) {
		if (!strcmp(f->evidence[i].key, key))
			return f->evidence[i].cell.str;
	}
	return NULL;
}

static void test_a_reset_is_told_once(void **state)
{
	for (unsigned int is_sent_first = 0; is_sent_first < 2; is_sent_first++) {
		struct scene *s = scene_anew(state);
		const struct document_finding *f;

		cut(s, 40, 40, is_sent_first);
		scene_find(s);
		assert_int_equal(scene_count(s, "resets"), 1);
		f = scene_first(s, "resets");
		assert_non_null(strstr(f->title, "40 connections"));
		assert_string_equal(evidence(f, "direction"), "sent");
		assert_non_null(strstr(evidence(f, "other_end"), "of this host"));
		assert_non_null(strstr(evidence(f, "other_end"), "were ended by their clients"));
	}
}

/* Where some of the peers are elsewhere, the two are two. */
static void test_resets_of_others_are_told(void **state)
{
	struct scene *s = scene_anew(state);

	cut(s, 40, 40, true);
	/* Others cut connections to the port of the same number. */
	for (size_t i = 0; i < 10; i++) {
		struct tcp_conn *c = scene_serve(s, 3, 4, PORT);

		c->remote.port = (uint16_t)(30000 + i);
		c->state = TCP_STATE_ESTABLISHED;
		cut_by(s, TCP_KIND_RECEIVE_RESET, c);
		scene_end(s, c);
	}
	scene_find(s);
	assert_int_equal(scene_count(s, "resets"), 2);
}

/* The server is on the tape, and has sent no RST: something between the two did. */
static void test_resets_of_another(void **state)
{
	for (unsigned int i = 0; i < 4; i++) {
		struct scene *s = scene_anew(state);
		struct tcp_conn *c;

		for (size_t k = 0; k < 10; k++) {
			struct tcp_conn d;

			c = scene_call(s, 1, 2, PORT);
			c->local.port = (uint16_t)(20000 + k);
			d = other_end(s, c);
			c->state = TCP_STATE_ESTABLISHED;
			cut_by(s, TCP_KIND_RECEIVE_RESET, c);
			scene_end(s, c);
			d.ending = TCP_ENDING_OPEN;
			if (i != 1)
				scene_end(s, &d);
		}
		/* The RST of a listener may be any of them. */
		if (i == 2)
			feed_reset(s, TCP_KIND_SEND_RESET, scene_serve(s, 1, 3, PORT),
				   TCP_STATE_LISTEN);
		/* Events of the server's end are filtered out. */
		if (i == 3) {
			static const char *const options[] = {"--rport 8080"};

			s->facts.options = options;
			s->facts.n_options = 1;
		}
		s->context.recorded |= TCP_KIND_BIT(TCP_KIND_SEND_RESET);
		scene_find(s);
		assert_int_equal(scene_count(s, "resets"), 1);
		assert_string_equal(scene_first(s, "resets")->place, i ? "peer" : "network");
		assert_int_equal(strstr(scene_first(s, "resets")->title, "that it did not send") !=
					 NULL,
				 !i);
	}
}

/* The RST that refuses a connect of this host itself. */
static void test_a_refusal_is_told_once(void **state)
{
	struct scene *s = *state;
	const struct document_finding *f;

	for (size_t i = 0; i < 30; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, 9);
		struct tcp_conn d = other_end(s, c);
		struct tcp_event e;

		c->local.port = d.remote.port = (uint16_t)(20000 + i);
		c->state = TCP_STATE_SYN_SENT;
		c->was_established = false;
		c->established_ns = 0;
		c->ending = TCP_ENDING_REMOTE_RESET;
		scene_cold(s, c)->n_resets_received = 1;
		e = scene_event(s, TCP_KIND_SEND_RESET, &d);
		e.conn = NULL;
		e.state = TCP_STATE_NONE;
		e.present = TCP_FIELD_BIT(TCP_FIELD_STATE);
		scene_feed(s, &e);
		feed_reset(s, TCP_KIND_RECEIVE_RESET, c, 0);
		scene_end(s, c);
	}
	scene_find(s);
	assert_int_equal(scene_count(s, "resets"), 0);
	assert_int_equal(scene_count(s, "connects"), 1);
	f = scene_first(s, "connects");
	assert_non_null(strstr(f->title, "30 of 30 connects"));
	assert_non_null(strstr(evidence(f, "other_end"), "nothing is there"));
	assert_int_equal(s->in.total.events.refusals, 30);
	assert_string_equal(scene_first(s, "connects")->place, "host");
}

static struct finding *made_up(struct scene *s, enum document_level level, struct finding_end end,
			       const char *title)
{
	struct finding *x = finding_new(&s->findings, detectors[0], level, 1);

	x->shown.title = title;
	x->end = end;
	return x;
}

/* A listener whose SYN-ACKs get no answer does not know where its callers are: it is told by the
 * callers of this host only if they are nearly all. */
static void test_callers_and_listeners(void **state)
{
	static const struct {
		uint64_t callers, of_them_here, calls;
		enum document_level level;
		size_t n;
		const char *kept;
	} cases[] = {
		{20, 20, 20, DOCUMENT_WARNING, 1, "listener"},
		{20, 20, 20, DOCUMENT_CRITICAL, 1, "caller"},
		/* Others call, too: the caller is one of many, and not the whole. */
		{20, 20, 100, DOCUMENT_WARNING, 1, "listener"},
		{20, 20, 100, DOCUMENT_CRITICAL, 2, "caller"},
		/* What is called is elsewhere, at a port with the same number. */
		{20, 0, 20, DOCUMENT_WARNING, 2, "caller"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene *s = scene_anew(state);

		s->findings =
			(struct findings){.builder = &s->builder, .in = &s->in, .facts = &s->facts};
		made_up(s, cases[i].level,
			(struct finding_end){.side = FINDING_CALLER,
					     .port = 80,
					     .n = cases[i].callers,
					     .n_twins = cases[i].of_them_here},
			"caller");
		made_up(s, DOCUMENT_WARNING,
			(struct finding_end){.side = FINDING_LISTENER,
					     .port = 80,
					     .is_served = true,
					     .n = cases[i].calls},
			"listener");
		mirrors_drop(&s->findings);
		assert_int_equal(s->findings.n, cases[i].n);
		assert_string_equal(s->findings.items[0]->shown.title, cases[i].kept);
	}
}

/* What was called is an end of this tape only if this host was called at that very address. */
static void test_where_a_caller_called(void **state)
{
	struct scene *s = *state;
	const struct endpoint called = scene_peer(1, 2, 80), other = scene_peer(1, 3, 80);
	const struct group_key key = {.addr = called.addr, .port = 80};
	struct finding_end end;

	s->findings = (struct findings){.builder = &s->builder, .in = &s->in, .facts = &s->facts};
	assert_int_equal(ends_note_served(&s->in.ends, &other), 0);
	end = mirrors_caller(&s->findings, &key, 7);
	assert_int_equal(end.side, FINDING_CALLER);
	assert_int_equal(end.port, 80);
	assert_int_equal(end.n, 7);
	assert_int_equal(end.n_twins, 0);
	assert_int_equal(ends_note_served(&s->in.ends, &called), 0);
	end = mirrors_caller(&s->findings, &key, 7);
	assert_int_equal(end.n_twins, 7);
}

/* Who does not read is told, and not who waits for that; but only if it is the same. */
static void test_readers_and_writers(void **state)
{
	for (unsigned int twins = 0; twins < 2; twins++) {
		struct scene *s = scene_anew(state);

		s->findings =
			(struct findings){.builder = &s->builder, .in = &s->in, .facts = &s->facts};
		made_up(s, DOCUMENT_WARNING,
			(struct finding_end){.side = FINDING_WRITER, .n = 1, .n_twins = twins},
			"writer");
		made_up(s, DOCUMENT_WARNING,
			(struct finding_end){.side = FINDING_READER,
					     .knows_why = true,
					     .n = 1,
					     .n_twins = twins},
			"reader");
		mirrors_drop(&s->findings);
		assert_int_equal(s->findings.n, 2 - twins);
		assert_string_equal(s->findings.items[0]->shown.title, twins ? "reader" : "writer");
	}
}

/* The end that knows why is kept, and with it the level of the end that was hurt. */
static void test_the_higher_level_is_kept(void **state)
{
	static const struct {
		enum document_level reader, writer, kept;
		bool hurts_nobody[2], kept_hurts_nobody;
	} cases[] = {
		{DOCUMENT_NOTICE, DOCUMENT_CRITICAL, DOCUMENT_CRITICAL, {true, false}, false},
		{DOCUMENT_CRITICAL, DOCUMENT_NOTICE, DOCUMENT_CRITICAL, {false, true}, false},
		{DOCUMENT_NOTICE, DOCUMENT_NOTICE, DOCUMENT_NOTICE, {true, true}, true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene *s = scene_anew(state);
		struct finding *x, *y;

		s->findings =
			(struct findings){.builder = &s->builder, .in = &s->in, .facts = &s->facts};
		x = made_up(
			s, cases[i].reader,
			(struct finding_end){
				.side = FINDING_READER, .knows_why = true, .n = 1, .n_twins = 1},
			"reader");
		y = made_up(s, cases[i].writer,
			    (struct finding_end){.side = FINDING_WRITER, .n = 1, .n_twins = 1},
			    "writer");
		x->hurts_nobody = cases[i].hurts_nobody[0];
		y->hurts_nobody = cases[i].hurts_nobody[1];
		mirrors_drop(&s->findings);
		assert_int_equal(s->findings.n, 1);
		assert_ptr_equal(s->findings.items[0], x);
		assert_int_equal(x->shown.level, cases[i].kept);
		assert_int_equal(x->hurts_nobody, cases[i].kept_hurts_nobody);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_reset_is_told_once),   TEST(test_resets_of_others_are_told),
		TEST(test_a_refusal_is_told_once), TEST(test_resets_of_another),
		TEST(test_callers_and_listeners),  TEST(test_readers_and_writers),
		TEST(test_where_a_caller_called),  TEST(test_the_higher_level_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
