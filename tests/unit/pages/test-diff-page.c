// SPDX-License-Identifier: MIT
/* What a diff's page says of two scenes. */
#include "support/scene.h"

#include <string.h>

#include "pages/diff-page.h"
#include "tcp/names.h"

/* Two tapes, before and after. */
struct two {
	struct scene *sides[2];
};

static int two_setup(void **state)
{
	struct two *t = calloc(1, sizeof(*t));

	if (!t)
		return -1;
	for (unsigned int i = 0; i < 2; i++) {
		void *side = NULL;

		if (scene_setup(&side) < 0)
			return -1;
		t->sides[i] = side;
	}
	*state = t;
	return 0;
}

static int two_teardown(void **state)
{
	struct two *t = *state;

	for (unsigned int i = 0; i < 2; i++) {
		void *side = t->sides[i];

		scene_teardown(&side);
	}
	free(t);
	return 0;
}

static struct diff_page page_of(struct two *t)
{
	const struct gathered *const tapes[2] = {&t->sides[0]->in, &t->sides[1]->in};
	const struct tape_facts *const facts[2] = {&t->sides[0]->facts, &t->sides[1]->facts};
	struct diff_page p;

	scene_find(t->sides[0]);
	scene_find(t->sides[1]);
	assert_int_equal(diff_page_make(&p, tapes, facts, NULL), 0);
	return p;
}

static void refuse(struct scene *s, size_t refused, size_t ok)
{
	scene_end_attempts(s, refused, 1, 2, 443, TCP_ENDING_REMOTE_RESET, 0, 0);
	scene_end_calls(s, ok, 1, 2, 443);
}

static void test_worse(void **state)
{
	struct two *t = *state;
	struct diff_page p CLEANUP(diff_page_done) = {0};
	const struct document_finding *f;

	refuse(t->sides[0], 1, 99);
	refuse(t->sides[1], 60, 40);
	p = page_of(t);
	assert_int_equal(p.document.level, DOCUMENT_WARNING);
	/* All, the peer, the port and the destination are one thing. */
	assert_int_equal(p.document.n_findings, 1);
	assert_string_equal(p.document.verdict,
			    "1 got worse: More failed connects toward 10.0.1.2:443: 1.0% before, "
			    "60.0% after");
	f = &p.document.findings[0];
	assert_string_equal(f->id, "connect_failures");
	assert_string_equal(f->meaning, "It got worse.");
	assert_string_equal(f->evidence[1].key, "before");
	assert_int_equal(f->evidence[1].cell.u64, 1);
	assert_int_equal(f->evidence[2].cell.u64, 60);
	/* Shares in units of a millionth. */
	assert_int_equal(f->evidence[4].cell.u64, 600000);
}

static void test_better(void **state)
{
	struct two *t = *state;
	struct diff_page p CLEANUP(diff_page_done) = {0};

	refuse(t->sides[0], 60, 40);
	refuse(t->sides[1], 1, 99);
	p = page_of(t);
	assert_int_equal(p.document.level, DOCUMENT_GOOD);
	assert_non_null(strstr(p.document.verdict, "1 got better: Fewer failed connects"));
	assert_string_equal(p.document.findings[0].meaning, "It got better.");
}

static void test_the_same(void **state)
{
	struct two *t = *state;
	struct diff_page p CLEANUP(diff_page_done) = {0};
	const struct document_table *total;

	refuse(t->sides[0], 10, 90);
	refuse(t->sides[1], 11, 89);
	p = page_of(t);
	assert_int_equal(p.document.n_findings, 0);
	assert_non_null(strstr(p.document.verdict, "Nothing changed"));
	/* The totals are shown whether they changed or not; groups only if they did. */
	total = &p.document.tables[0];
	assert_string_equal(total->id, "total");
	assert_int_equal(total->n_rows, CHANGE_METRICS);
	for (size_t i = 2; i < p.document.n_tables; i++)
		assert_int_equal(p.document.tables[i].n_rows, 0);
}

/* Connections to a server of this host on a port, whose clients are on the same host and cut `bad`
 * of them. */
static void serve_itself(struct scene *s, uint16_t port, const char *comm, size_t n, size_t bad)
{
	for (size_t i = 0; i < n; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, port), d = *c;

		c->local.port = (uint16_t)(20000 + i);
		d = *c;
		d.id = ++s->n_conns;
		d.local = c->remote;
		d.remote = c->local;
		d.origin = TCP_ORIGIN_ACCEPT;
		d.owner = (struct owner){.pid = 9, .basis = OWNER_IO, .comm = comm};
		if (i < bad) {
			struct tcp_event e = scene_event(s, TCP_KIND_SEND_RESET, c);

			e.state = TCP_STATE_CLOSE;
			e.present = TCP_FIELD_BIT(TCP_FIELD_STATE);
			scene_feed(s, &e);
			d.state = TCP_STATE_ESTABLISHED;
			e = scene_event(s, TCP_KIND_RECEIVE_RESET, &d);
			scene_feed(s, &e);
		}
		scene_end(s, c);
		scene_end(s, &d);
	}
}

static size_t rows_of(const struct diff_page *p, const char *id)
{
	for (size_t i = 0; i < p->document.n_tables; i++) {
		if (!strcmp(p->document.tables[i].id, id))
			return p->document.tables[i].n_rows;
	}
	fail();
	return 0;
}

/* The same load, and the server has another port: nothing changed. */
static void test_what_moved_is_not_worse(void **state)
{
	static const char *const names[] = {"server", NULL};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct two *t;
		struct diff_page p CLEANUP(diff_page_done) = {0};

		if (i) {
			two_teardown(state);
			assert_int_equal(two_setup(state), 0);
		}
		t = *state;
		serve_itself(t->sides[0], 41811, names[i], 100, 100);
		serve_itself(t->sides[1], 38231, names[i], 100, 100);
		p = page_of(t);
		assert_int_equal(p.document.n_findings, 0);
		assert_int_equal(rows_of(&p, "port"), 0);
		assert_int_equal(rows_of(&p, "destination"), 0);
	}
}

/* The server has another port, and is worse: told once, with both ports. */
static void test_what_moved_and_is_worse(void **state)
{
	struct two *t = *state;
	struct diff_page p CLEANUP(diff_page_done) = {0};

	serve_itself(t->sides[0], 41811, "server", 100, 2);
	serve_itself(t->sides[1], 38231, "server", 100, 60);
	p = page_of(t);
	assert_int_equal(p.document.n_findings, 1);
	assert_string_equal(p.document.verdict,
			    "1 got worse: More resets at port 38231 of this host (server; port "
			    "41811 before): 2.0% before, 60.0% after");
}

/* Another program, on another port, is new: it is told as that, and what got worse is the host. */
static void test_what_is_new_has_no_before(void **state)
{
	struct two *t = *state;
	struct diff_page p CLEANUP(diff_page_done) = {0};
	const struct document_finding *f;

	for (unsigned int i = 0; i < 2; i++)
		serve_itself(t->sides[i], 80, "nginx", 100, 2);
	serve_itself(t->sides[1], 9000, "other", 40, 40);
	p = page_of(t);
	assert_int_equal(p.document.n_findings, 2);
	assert_string_equal(p.document.findings[0].title, "More resets: 2.0% before, 30.0% after");
	f = &p.document.findings[1];
	assert_int_equal(f->level, DOCUMENT_NOTICE);
	assert_string_equal(f->title, "New at port 9000 of this host (other), and not on the first "
				      "tape: resets 100.0% of the connections; all before: 2.0%");
}

/* Two and four are the same number. */
static void test_few_are_no_change(void **state)
{
	struct two *t = *state;
	struct diff_page p CLEANUP(diff_page_done) = {0};

	serve_itself(t->sides[0], 80, "nginx", 100, 2);
	serve_itself(t->sides[1], 80, "nginx", 100, 4);
	p = page_of(t);
	assert_int_equal(p.document.n_findings, 0);
}

/* Timeouts are retransmissions, too. */
static void test_timeouts_are_part_of_retransmissions(void **state)
{
	struct two *t = *state;
	struct diff_page p CLEANUP(diff_page_done) = {0};
	const struct document_finding *f;

	for (unsigned int i = 0; i < 2; i++)
		for (unsigned int k = 0; k < 10; k++)
			scene_transfer(t->sides[i], 1, 2,
				       &(struct tcp_info_growth){.segs = 1000,
								 .sent_bytes = 1448000,
								 .retrans_bytes = 1448 * 40 * i,
								 .retrans_segs = 40 * i,
								 .timeouts = 20 * i});
	p = page_of(t);
	assert_int_equal(p.document.n_findings, 1);
	f = &p.document.findings[0];
	assert_string_equal(f->id, "retransmissions");
	assert_int_equal(f->n_evidence, 7);
	assert_string_equal(f->evidence[6].key, "after_timeouts");
	assert_int_equal(f->evidence[6].cell.u64, 200);
}

/* More connections are no trouble: they are reported of all, and not of each peer and port. */
static void test_traffic_is_reported_once(void **state)
{
	struct two *t = *state;
	struct diff_page p CLEANUP(diff_page_done) = {0};

	scene_end_calls(t->sides[0], 100, 1, 2, 443);
	scene_end_calls(t->sides[1], 1000, 1, 2, 443);
	p = page_of(t);
	assert_int_equal(p.document.n_findings, 1);
	assert_string_equal(p.document.findings[0].id, "connections");
	assert_null(strstr(p.document.findings[0].title, "10.0.1.2"));
	assert_int_equal(p.document.findings[0].level, DOCUMENT_NOTICE);
	assert_int_equal(p.document.level, DOCUMENT_GOOD);
}

static void test_notes_say_of_which_tape(void **state)
{
	static const char *const notes[] = {"the tape is short"};
	struct two *t = *state;
	struct diff_page p CLEANUP(diff_page_done) = {0};

	t->sides[1]->facts.notes = notes;
	t->sides[1]->facts.n_notes = 1;
	t->sides[1]->facts.lost = 2;
	p = page_of(t);
	assert_int_equal(p.document.n_notes, 1);
	assert_string_equal(p.document.notes[0], "after: the tape is short");
	assert_string_equal(p.document.facts[0].key, "before");
	assert_null(strstr(p.document.facts[0].cell.str, "missing"));
	assert_non_null(strstr(p.document.facts[1].cell.str, "2 events missing"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, two_setup, two_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_worse),
		TEST(test_better),
		TEST(test_the_same),
		TEST(test_what_moved_is_not_worse),
		TEST(test_what_moved_and_is_worse),
		TEST(test_what_is_new_has_no_before),
		TEST(test_few_are_no_change),
		TEST(test_timeouts_are_part_of_retransmissions),
		TEST(test_traffic_is_reported_once),
		TEST(test_notes_say_of_which_tape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
