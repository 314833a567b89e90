// SPDX-License-Identifier: MIT
/*
 * audit: the kernel's counters against events. A tape in memory gives the counters; what was
 * gathered of events is set by hand.
 */
#include "support/scene.h"

#include <stdio.h>
#include <string.h>

#include "counter/book.h"
#include "detect/audit.h"
#include "support/tape-script.h"
#include "tape/reader.h"

#define ALL TCP_KINDS_ALL

struct fixture {
	struct buffer tape;
	struct tape_reader *reader;
	struct counter_book *book;
	struct view_context context;
	struct gathered *in;
	struct tape_facts facts;
	struct kind_missing missing[TCP_KIND_N];
	struct audit audit;
};

static void fixture_done(struct fixture *f)
{
	counter_book_free(f->book);
	tape_reader_close(f->reader);
	buffer_done(&f->tape);
	free(f->in);
}

/* Of counter 0 the kernel counts 2 before the events are enabled, 90 while they are recorded for
 * sure, and 4 after they are disabled: 90 to 96 can be events. */
#define READINGS                                                                                   \
	"counters 7 0 9 all 0=100\n"                                                               \
	"setting 11 0 tcptape.events enabled\n"                                                    \
	"counters 7 1 11 changes 0=2\n"                                                            \
	"counters 7 2 13 changes 0=90\n"                                                           \
	"setting 14 0 tcptape.events disabled\n"                                                   \
	"counters 7 3 15 changes 0=4\n"
/* The same without a reading before and after. */
#define INNER                                                                                      \
	"setting 11 0 tcptape.events enabled\n"                                                    \
	"counters 7 0 11 all 0=2\n"                                                                \
	"counters 7 1 13 changes 0=90\n"

static void fixture_open(struct fixture *f, const char *counter, const char *readings)
{
	char script[1024];
	struct source *source;
	struct tape_section s;

	memset(f, 0, sizeof(*f));
	snprintf(script, sizeof(script), "counter-names 0 %s\n%s", counter, readings);
	f->tape = tape_script(script);
	assert_int_equal(source_open_memory(f->tape.data, f->tape.len, &source), 0);
	assert_int_equal(tape_reader_open(source, &f->reader, NULL), 0);
	assert_int_equal(counter_book_new(tape_reader_meta(f->reader), &f->book), 0);
	while (tape_reader_next(f->reader, NULL, NULL, &s, NULL) > 0) {
		if (s.header.kind == TAPE_KIND_COUNTERS)
			assert_int_equal(counter_book_take(f->book, s.payload, s.header.raw_len),
					 0);
	}
	f->context = (struct view_context){.counters = f->book, .recorded = ALL};
	f->in = calloc(1, sizeof(*f->in));
	assert_non_null(f->in);
	f->in->context = &f->context;
	f->facts.missing = f->missing;
}

static const struct audit_row *make(struct fixture *f)
{
	audit_make(&f->audit, f->in, &f->facts);
	assert_int_equal(f->audit.n, 1);
	return &f->audit.rows[0];
}

/* Checks the row, whose parts must add up. */
static const struct audit_row *check(struct fixture *f, enum audit_reason reason, int64_t explained,
				     int64_t unaccounted)
{
	const struct audit_row *row = make(f);
	int64_t sum = (int64_t)row->tape + row->unaccounted;

	assert_true(row->is_comparable);
	for (unsigned int i = 0; i < AUDIT_REASONS; i++)
		sum += row->explained[i];
	assert_int_equal(sum, row->kernel);
	assert_int_equal(row->explained[reason], explained);
	assert_int_equal(row->unaccounted, unaccounted);
	return row;
}

static void test_between_the_bounds(void **state)
{
	struct fixture f CLEANUP(fixture_done);
	struct text t CLEANUP(text_done) = {0};

	fixture_open(&f, "Tcp.PassiveOpens", READINGS);
	f.in->audit.passive = 96;
	check(&f, AUDIT_EDGES, 0, 0);
	audit_row_text(&f.audit.rows[0], &t);
	assert_string_equal(text_cstr(&t), "PassiveOpens 96 = 96 on the tape");
	f.in->audit.passive = 93;
	check(&f, AUDIT_EDGES, 3, 0);
	f.in->audit.passive = 90;
	check(&f, AUDIT_EDGES, 6, 0);
}

static void test_outside_the_bounds(void **state)
{
	struct fixture f CLEANUP(fixture_done);
	struct text t CLEANUP(text_done) = {0};
	uint64_t n;

	fixture_open(&f, "Tcp.EstabResets", READINGS);
	f.in->audit.estab_resets = 89;
	check(&f, AUDIT_EDGES, 6, 1);
	assert_true(audit_unaccounted(&f.audit, &n));
	assert_int_equal(n, 1);
	audit_row_text(&f.audit.rows[0], &t);
	assert_string_equal(text_cstr(&t), "EstabResets 96 = 89 on the tape + 6 before or after "
					   "the events + 1 unaccounted");
	f.in->audit.estab_resets = 98;
	check(&f, AUDIT_EDGES, 0, -2);
	assert_true(audit_unaccounted(&f.audit, &n));
	assert_int_equal(n, 2);
}

static void test_missing_events(void **state)
{
	struct fixture f CLEANUP(fixture_done);

	fixture_open(&f, "Tcp.PassiveOpens", READINGS);
	f.in->audit.passive = 80;
	f.missing[TCP_KIND_SET_STATE] = (struct kind_missing){.lost = 7, .undelivered = 2};
	f.missing[TCP_KIND_RETRANSMIT].lost = 100;
	check(&f, AUDIT_LOST, 7, 1);
	check(&f, AUDIT_UNDELIVERED, 2, 1);
	f.missing[TCP_KIND_SET_STATE].lost = 70;
	check(&f, AUDIT_LOST, 10, 0);
}

/* An event may be several segments, by as many as sockets say that they sent again. */
static void test_segments(void **state)
{
	struct fixture f CLEANUP(fixture_done);
	const struct audit_row *row;

	fixture_open(&f, "Tcp.RetransSegs", READINGS);
	f.in->audit.retrans = 60;
	f.in->audit.synacks = 5;
	row = make(&f);
	assert_false(row->is_comparable);
	assert_int_equal(row->tape, 65);
	f.in->total.tcp_info.conns = 1;
	f.in->total.tcp_info.retrans_segs = 80;
	check(&f, AUDIT_OFFLOAD, 20, 5);
	f.facts.has_figure_pauses = true;
	assert_false(make(&f)->is_comparable);
	f.facts.has_figure_pauses = false;
	f.in->audit.failed = 4;
	check(&f, AUDIT_FAILED, 4, 1);
}

static void test_local_connects(void **state)
{
	struct fixture f CLEANUP(fixture_done);

	fixture_open(&f, "Tcp.ActiveOpens", READINGS);
	f.in->audit.active = 136;
	f.in->total.attempts.results[CONNECT_LOCAL] = 40;
	check(&f, AUDIT_LOCAL, -40, 0);
	f.in->total.attempts.results[CONNECT_LOCAL] = 39;
	check(&f, AUDIT_LOCAL, -39, -1);
}

/* A namespace that was not read before or after may have had more. */
static void test_other_namespaces(void **state)
{
	struct fixture f CLEANUP(fixture_done);

	fixture_open(&f, "Tcp.PassiveOpens", INNER);
	f.in->audit.passive = 95;
	check(&f, AUDIT_OTHERS, -5, 0);
	f.in->audit.passive = 89;
	check(&f, AUDIT_OTHERS, 0, 1);
}

/* Nothing is claimed where nothing can be compared. */
/* A namespace in which no process lives has no counters: that is no fault of the tape. */
static void test_a_namespace_that_was_not_read(void **state)
{
	struct fixture f CLEANUP(fixture_done);
	uint64_t n;

	fixture_open(&f, "Tcp.EstabResets", READINGS);
	f.in->audit.estab_resets = 98;
	f.in->has_namespaces = true;
	assert_false(make(&f)->is_comparable);
	assert_false(audit_unaccounted(&f.audit, &n));
	/* What is missing is missing, whatever else was read. */
	f.in->audit.estab_resets = 89;
	check(&f, AUDIT_EDGES, 6, 1);
}

static void test_not_comparable(void **state)
{
	struct fixture f CLEANUP(fixture_done);
	uint64_t n;

	fixture_open(&f, "Tcp.PassiveOpens", READINGS);
	f.in->audit.passive = 1;
	f.facts.filter = "--port 80";
	assert_false(make(&f)->is_comparable);
	assert_int_equal(f.audit.rows[0].unaccounted, 0);
	assert_false(audit_unaccounted(&f.audit, &n));
	f.facts.filter = NULL;
	f.facts.damage = "cut";
	assert_false(make(&f)->is_comparable);
	f.facts.damage = NULL;
	f.context.recorded = ALL & ~TCP_KIND_BIT(TCP_KIND_SET_STATE);
	assert_false(make(&f)->is_comparable);
	f.context.recorded = ALL;
	assert_true(make(&f)->is_comparable);
	counter_book_window(f.book, 1, UINT64_MAX);
	audit_make(&f.audit, f.in, &f.facts);
	assert_int_equal(f.audit.n, 0);
	f.context.counters = NULL;
	audit_make(&f.audit, f.in, &f.facts);
	assert_int_equal(f.audit.n, 0);
}

/* RSTs of sockets are all that old kernels have events for; new ones say why. */
static void test_resets(void **state)
{
	struct fixture f CLEANUP(fixture_done);

	fixture_open(&f, "Tcp.OutRsts", READINGS);
	f.in->audit.resets = 60;
	assert_false(make(&f)->is_comparable);
	f.in->audit.resets = 97;
	check(&f, AUDIT_EDGES, 0, -1);
	f.in->audit.resets = f.in->audit.resets_with_reason = 60;
	check(&f, AUDIT_EDGES, 6, 30);
}

static void test_events(void **state)
{
	struct audit_events a = {0};
	struct tcp_event e = {.kind = TCP_KIND_RETRANSMIT,
			      .present = UINT64_MAX,
			      .state = 2,
			      .cause = TCP_CAUSE_SYN,
			      .trigger = TCP_TRIGGER_TIMER,
			      .cause_by = TCP_BASIS_STACK,
			      .protocol = 6};

	audit_events_take(&a, &e);
	e.cause = TCP_CAUSE_TLP;
	e.state = 1;
	audit_events_take(&a, &e);
	e.err = -105;
	audit_events_take(&a, &e);
	assert_true(a.retrans == 2 && a.failed == 1 && a.syns == 1);
	/* What the IP layer dropped was counted before. */
	e.err = 1;
	audit_events_take(&a, &e);
	assert_true(a.retrans == 3 && a.failed == 1);
	assert_true(a.timeouts == 1 && a.probes == 1);
	e.kind = TCP_KIND_SET_STATE;
	e.oldstate = 8;
	e.newstate = 7;
	audit_events_take(&a, &e);
	e.protocol = 262;
	audit_events_take(&a, &e);
	assert_true(a.estab_resets == 1 && a.attempt_fails == 0);
	e.protocol = 6;
	e.oldstate = 7;
	e.newstate = 2;
	audit_events_take(&a, &e);
	e.oldstate = 10;
	e.newstate = 3;
	audit_events_take(&a, &e);
	e.oldstate = 3;
	e.newstate = 7;
	audit_events_take(&a, &e);
	assert_true(a.active == 1 && a.passive == 1 && a.attempt_fails == 1);
	e.kind = TCP_KIND_SEND_RESET;
	e.reason_name = "TCP_ABORT_ON_CLOSE";
	audit_events_take(&a, &e);
	e.reason_name = NULL;
	audit_events_take(&a, &e);
	assert_true(a.resets == 2 && a.resets_with_reason == 1);
	assert_int_equal(a.aborts[AUDIT_ABORT_CLOSE], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_between_the_bounds),
		cmocka_unit_test(test_outside_the_bounds),
		cmocka_unit_test(test_missing_events),
		cmocka_unit_test(test_segments),
		cmocka_unit_test(test_local_connects),
		cmocka_unit_test(test_other_namespaces),
		cmocka_unit_test(test_a_namespace_that_was_not_read),
		cmocka_unit_test(test_not_comparable),
		cmocka_unit_test(test_resets),
		cmocka_unit_test(test_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
