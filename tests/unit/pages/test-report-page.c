// SPDX-License-Identifier: MIT
/* What a report's page says of a scene: facts, chart, tables, histories and caveats. */
#include "support/scene.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "pages/report-page.h"
#include "pages/verdict-words.h"
#include "tcp/names.h"

/* The page of a scene, which scene_teardown does not release. */
static struct report_page page_of(struct scene *s)
{
	struct report_page p;

	scene_find(s);
	assert_int_equal(report_page_make(&p, &s->in, &s->facts, NULL), 0);
	return p;
}

static const struct document_item *fact(const struct report_page *p, const char *key)
{
	for (size_t i = 0; i < p->document.n_facts; i++) {
		if (!strcmp(p->document.facts[i].key, key))
			return &p->document.facts[i];
	}
	return NULL;
}

static const struct document_table *table(const struct report_page *p, const char *id)
{
	for (size_t i = 0; i < p->document.n_tables; i++) {
		if (!strcmp(p->document.tables[i].id, id))
			return &p->document.tables[i];
	}
	fail();
	return NULL;
}

static const struct cell *cell(const struct document_table *t, size_t row, const char *key)
{
	for (size_t i = 0; i < t->n_columns; i++) {
		if (!strcmp(t->columns[i].key, key))
			return &t->cells[row * t->n_columns + i];
	}
	fail();
	return NULL;
}

static void test_facts(void **state)
{
	struct scene *s = *state;
	struct report_page p CLEANUP(report_page_done) = {0};

	s->facts.host = "web1";
	s->facts.lost = 7;
	scene_transfer(s, 1, 2,
		       &(struct tcp_info_growth){.sent_bytes = 1000000,
						 .retrans_bytes = 10000,
						 .retrans_segs = 7,
						 .acked_bytes = 990000});
	scene_end_serves(s, 2, 1, 3, 80);
	p = page_of(s);
	assert_string_equal(p.document.title, "TCP report: web1");
	assert_string_equal(fact(&p, "host")->cell.str, "web1");
	assert_int_equal(fact(&p, "started")->cell.u64, SCENE_START_S * NSEC_PER_SEC);
	assert_int_equal(fact(&p, "ended")->cell.u64, SCENE_END_S * NSEC_PER_SEC);
	assert_int_equal(fact(&p, "duration_ns")->cell.u64, 10 * NSEC_PER_SEC);
	assert_non_null(strstr(fact(&p, "duration_ns")->words, "not synchronised"));
	assert_int_equal(fact(&p, "lost")->cell.u64, 7);
	assert_null(fact(&p, "undelivered"));
	assert_int_equal(fact(&p, "connection_count")->cell.u64, 3);
	assert_string_equal(fact(&p, "connection_count")->words,
			    "3 (1 called by this host, 2 accepted)");
	assert_int_equal(fact(&p, "bytes")->cell.u64, 990000);
	assert_non_null(strstr(fact(&p, "bytes")->words, "; not known of 2 connections"));
	assert_int_equal(fact(&p, "connections_without_bytes")->cell.u64, 2);
	assert_string_equal(fact(&p, "retransmissions")->words,
			    "7; 1.0% of the bytes sent were retransmissions");
	/* In units of 0.0001. */
	assert_int_equal(fact(&p, "metric_retrans_rate")->cell.u64, 10000);
	assert_int_equal(fact(&p, "metric_lost")->cell.u64, 70000);
}

/* The bytes of calls count where the kernel's own figures are not known, and only there. */
static void test_bytes_count_once(void **state)
{
	for (int is_final = 0; is_final <= 1; is_final++) {
		struct scene *s = scene_anew(state);
		struct report_page p CLEANUP(report_page_done) = {0};
		struct tcp_conn *c = scene_call(s, 1, 2, 443);

		c->has_io = true;
		c->io_tx = 1000;
		if (is_final)
			scene_final(s, c, &(struct tcp_info_growth){.acked_bytes = 900});
		scene_end(s, c);
		p = page_of(s);
		assert_int_equal(fact(&p, "bytes")->cell.u64, is_final ? 900 : 1000);
	}
}

/* What a tape does not know is left out, not shown as nothing. */
static void test_facts_that_are_not_known(void **state)
{
	struct scene *s = *state;
	struct report_page p CLEANUP(report_page_done) = {0};

	s->facts.is_synchronised = true;
	s->facts.undelivered = 3;
	s->context.recorded = 0;
	scene_end_calls(s, 1, 1, 2, 443);
	p = page_of(s);
	assert_string_equal(p.document.title, "TCP report: unknown host");
	assert_null(fact(&p, "host"));
	assert_null(fact(&p, "bytes"));
	assert_null(strstr(fact(&p, "duration_ns")->words, "synchronised"));
	assert_int_equal(fact(&p, "undelivered")->cell.u64, 3);
	assert_null(fact(&p, "metric_retrans_rate"));
	assert_null(fact(&p, "metric_resets"));
	assert_non_null(fact(&p, "metric_findings"));
}

/* The history of the only connection of a page. */
static const struct document_history *history(const struct report_page *p)
{
	const struct document_table *t = table(p, "connections");

	assert_int_equal(t->n_rows, 1);
	return &t->histories[0];
}

static void feed_state(struct scene *s, const struct tcp_conn *c, int32_t oldstate,
		       int32_t newstate)
{
	struct tcp_event e = scene_event(s, TCP_KIND_SET_STATE, c);

	e.oldstate = oldstate;
	e.newstate = newstate;
	scene_feed(s, &e);
}

/* From birth to end, with what happened in between. */
static void test_history(void **state)
{
	struct scene *s = *state;
	struct report_page p CLEANUP(report_page_done) = {0};
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	const struct document_history *h;
	struct tcp_event e;

	c->state_ns = c->established_ns;
	s->now_ns = (SCENE_START_S + 3) * NSEC_PER_SEC;
	e = scene_event(s, TCP_KIND_RETRANSMIT, c);
	e.cause = TCP_CAUSE_RTO;
	e.rto_us = 200000;
	scene_feed(s, &e);
	s->now_ns += NSEC_PER_SEC;
	feed_state(s, c, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1);
	e = scene_event(s, TCP_KIND_RECEIVE_RESET, c);
	scene_feed(s, &e);
	scene_end(s, c);
	p = page_of(s);
	h = history(&p);
	assert_int_equal(h->n_events, 4);
	assert_string_equal(h->events[0].what, "rto");
	assert_string_equal(h->events[0].detail, "after 200.000 ms");
	assert_true(h->events[0].is_trouble);
	assert_string_equal(h->events[1].what, "state");
	assert_string_equal(h->events[1].detail, "FIN_WAIT1");
	assert_false(h->events[1].is_trouble);
	assert_string_equal(h->events[2].what, "RST received");
	assert_string_equal(h->events[3].what, "end");
	assert_int_equal(h->events[3].ts_ns, c->end_ns);
	assert_false(h->is_before || h->is_open);
	assert_int_equal(h->n_spans, 3);
	assert_string_equal(h->spans[0].what, "SYN_SENT");
	assert_int_equal(h->spans[0].from_ns, c->seen_ns);
	assert_int_equal(h->spans[0].to_ns, c->established_ns);
	assert_string_equal(h->spans[1].what, "ESTABLISHED");
	assert_int_equal(h->spans[1].to_ns, (SCENE_START_S + 4) * NSEC_PER_SEC);
	assert_string_equal(h->spans[2].what, "FIN_WAIT1");
	assert_int_equal(h->spans[2].to_ns, c->end_ns);
}

/* Retransmissions of a burst are one entry; a failed attempt names its error. */
static void test_history_of_bursts_and_failures(void **state)
{
	struct scene *s = *state;
	struct report_page p CLEANUP(report_page_done) = {0};
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	const struct document_history *h;
	struct tcp_event e;

	for (unsigned int i = 0; i < 5; i++)
		scene_retransmit(s, c, TCP_CAUSE_FAST);
	s->now_ns += NSEC_PER_SEC;
	e = scene_event(s, TCP_KIND_RETRANSMIT, c);
	e.cause = TCP_CAUSE_RTO;
	e.present = TCP_FIELD_BIT(TCP_FIELD_ERR);
	e.err = -EPERM;
	scene_feed(s, &e);
	scene_end(s, c);
	p = page_of(s);
	h = history(&p);
	assert_int_equal(h->n_events, 3);
	assert_string_equal(h->events[0].what, "fast");
	assert_string_equal(h->events[0].detail, "5 at once");
	assert_int_equal(h->events[0].n, 5);
	assert_string_equal(h->events[1].what, "failed");
	assert_string_equal(h->events[1].detail, "rto: EPERM");
	assert_int_equal(h->n_merged, 0);
}

/* An accepted connection that has its first trouble while it closes: SYN_RECV lasts until it is
 * established, and ESTABLISHED until it closes. */
static void test_history_of_an_accepted_connection(void **state)
{
	struct scene *s = *state;
	struct report_page p CLEANUP(report_page_done) = {0};
	struct tcp_conn *c = scene_serve(s, 1, 2, 443);
	const struct document_history *h;

	s->now_ns = c->established_ns + 2 * NSEC_PER_SEC;
	c->state = TCP_STATE_FIN_WAIT1;
	c->state_ns = s->now_ns;
	feed_state(s, c, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1);
	s->now_ns += NSEC_PER_SEC;
	scene_retransmit(s, c, TCP_CAUSE_RTO);
	scene_end(s, c);
	p = page_of(s);
	h = history(&p);
	assert_int_equal(h->n_spans, 3);
	assert_string_equal(h->spans[0].what, "SYN_RECV");
	assert_int_equal(h->spans[0].to_ns, c->established_ns);
	assert_string_equal(h->spans[1].what, "ESTABLISHED");
	assert_int_equal(h->spans[1].to_ns, c->established_ns + 2 * NSEC_PER_SEC);
	assert_string_equal(h->spans[2].what, "FIN_WAIT1");
	assert_string_equal(h->events[0].detail, "FIN_WAIT1");
}

/* The same where nothing was noted of the states in between, and where more than one state is
 * missing: that is said, and not made up. */
static void test_history_of_states_that_nobody_noted(void **state)
{
	static const struct {
		unsigned int state;
		const char *before;
	} cases[] = {
		{TCP_STATE_FIN_WAIT1, "ESTABLISHED"},
		{TCP_STATE_CLOSE_WAIT, "ESTABLISHED"},
		{TCP_STATE_FIN_WAIT2, "ESTABLISHED or later"},
		{TCP_STATE_LAST_ACK, "ESTABLISHED or later"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene *s = scene_anew(state);
		struct report_page p CLEANUP(report_page_done) = {0};
		struct tcp_conn *c = scene_serve(s, 1, 2, 443);
		const struct document_history *h;

		s->now_ns = c->established_ns + 2 * NSEC_PER_SEC;
		c->state = (uint8_t)cases[i].state;
		c->state_ns = s->now_ns - NSEC_PER_SEC;
		scene_retransmit(s, c, TCP_CAUSE_RTO);
		scene_end(s, c);
		p = page_of(s);
		h = history(&p);
		assert_int_equal(h->n_spans, 3);
		assert_string_equal(h->spans[0].what, "SYN_RECV");
		assert_string_equal(h->spans[1].what, cases[i].before);
		assert_int_equal(h->spans[1].from_ns, c->established_ns);
		assert_string_equal(h->spans[2].what, tcp_state_name((int)cases[i].state));
		assert_int_equal(h->spans[2].from_ns, c->established_ns + NSEC_PER_SEC);
	}
}

/* Where events were lost, before the time that the user asked for, and of what was not recorded,
 * silence means nothing. */
static void test_history_says_what_is_not_known(void **state)
{
	struct scene *s = *state;
	struct report_page p CLEANUP(report_page_done) = {0};
	const struct tape_gap lost = {(SCENE_START_S + 2) * NSEC_PER_SEC,
				      (SCENE_START_S + 3) * NSEC_PER_SEC};
	struct tcp_conn *c = scene_call(s, 1, 2, 443);
	const struct document_history *h;

	s->facts.gaps = &lost;
	s->facts.n_gaps = 1;
	s->context.recorded = TCP_KIND_BIT(TCP_KIND_RETRANSMIT) | TCP_KIND_BIT(TCP_KIND_SET_STATE);
	c->ending = TCP_ENDING_OPEN;
	c->end_ns = SCENE_END_S * NSEC_PER_SEC;
	s->now_ns = (SCENE_START_S + 4) * NSEC_PER_SEC;
	scene_retransmit(s, c, TCP_CAUSE_RTO);
	scene_end(s, c);
	p = page_of(s);
	h = history(&p);
	assert_int_equal(h->n_gaps, 1);
	assert_string_equal(h->gaps[0].why, "events were lost");
	assert_int_equal(h->gaps[0].from_ns, lost.from_ns);
	assert_int_equal(h->gaps[0].to_ns, lost.to_ns);
	assert_true(h->is_open);
	assert_string_equal(h->unknown, "Not recorded, and so not shown: congestion states, RSTs "
					"sent, RSTs received");
}

/* States between the handshake and the first event are not made up. */
static void test_history_of_a_connection_from_before_the_tape(void **state)
{
	struct scene *s = *state;
	struct report_page p CLEANUP(report_page_done) = {0};
	struct tcp_conn *c = scene_serve(s, 1, 2, 443);
	const struct document_history *h;

	c->is_born = false;
	c->established_ns = 0;
	c->state = TCP_STATE_CLOSE_WAIT;
	scene_retransmit(s, c, TCP_CAUSE_FAST);
	scene_end(s, c);
	p = page_of(s);
	h = history(&p);
	assert_int_equal(h->n_spans, 1);
	assert_string_equal(h->spans[0].what, "CLOSE_WAIT");
	assert_int_equal(h->spans[0].from_ns, c->seen_ns);
}

/* A state that is known twice, by the birth and by the first event, is one span. */
static void test_history_of_an_attempt(void **state)
{
	struct scene *s = *state;
	struct report_page p CLEANUP(report_page_done) = {0};
	struct tcp_conn *c = scene_call(s, 1, 2, 443);

	c->was_established = false;
	c->established_ns = 0;
	c->state = TCP_STATE_SYN_SENT;
	c->state_ns = c->seen_ns + 1;
	scene_retransmit(s, c, TCP_CAUSE_SYN);
	scene_end(s, c);
	p = page_of(s);
	assert_int_equal(history(&p)->n_spans, 1);
	assert_string_equal(history(&p)->spans[0].what, "SYN_SENT");
}

/* A socket that was closed already when something happened was in no state. */
static void test_history_of_a_closed_socket(void **state)
{
	struct scene *s = *state;
	struct report_page p CLEANUP(report_page_done) = {0};
	struct tcp_conn *c = scene_serve(s, 1, 2, 443);
	struct tcp_event e;

	c->is_born = false;
	c->established_ns = 0;
	c->state = TCP_STATE_CLOSE;
	e = scene_event(s, TCP_KIND_SEND_RESET, c);
	e.state = TCP_STATE_CLOSE;
	e.present = TCP_FIELD_BIT(TCP_FIELD_STATE);
	scene_feed(s, &e);
	scene_end(s, c);
	p = page_of(s);
	assert_int_equal(history(&p)->n_events, 2);
	assert_int_equal(history(&p)->n_spans, 0);
}

/* The histories of all connections together are bounded, so that a page can be sent by mail: events
 * are merged, and none is missing. */
static void test_histories_are_bounded_together(void **state)
{
	struct scene *s = *state;
	struct report_page p CLEANUP(report_page_done) = {0};
	size_t kept = 0, left_out = 0, all = 0;
	const struct document_table *t;

	for (unsigned int i = 0; i < 100; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, 443);

		for (unsigned int k = 0; k < 230; k++) {
			s->now_ns = (SCENE_START_S + 1) * NSEC_PER_SEC + k * 10 * NSEC_PER_MSEC;
			scene_retransmit(s, c, TCP_CAUSE_FAST);
		}
		scene_end(s, c);
	}
	p = page_of(s);
	t = table(&p, "connections");
	for (size_t i = 0; i < t->n_rows; i++) {
		const struct document_history *h = &t->histories[i];

		kept += h->n_events;
		left_out += h->n_left_out;
		assert_true(h->n_merged > 0);
		for (size_t k = 0; k < h->n_events; k++)
			all += h->events[k].n ? h->events[k].n : 1;
	}
	assert_true(kept <= 20000 + t->n_rows);
	assert_int_equal(left_out, 0);
	/* With the end of each. */
	assert_int_equal(all, 23000 + t->n_rows);
}

static void test_tables(void **state)
{
	struct scene *s = *state;
	struct report_page p CLEANUP(report_page_done) = {0};
	const struct document_table *t;

	scene_end_calls(s, 3, 1, 2, 443);
	scene_end_attempts(s, 1, 1, 3, 443, TCP_ENDING_REMOTE_RESET, 0, 0);
	scene_transfer(s, 1, 4,
		       &(struct tcp_info_growth){.sent_bytes = 100000,
						 .retrans_bytes = 1000,
						 .retrans_segs = 5,
						 .acked_bytes = 2048});
	p = page_of(s);
	t = table(&p, "peers");
	assert_int_equal(t->n_rows, 3);
	/* The peer with the most retransmissions, resets and failures comes first. */
	assert_string_equal(cell(t, 0, "name")->str, "10.0.1.4");
	assert_int_equal(cell(t, 0, "retransmissions")->u64, 5);
	assert_int_equal(cell(t, 0, "rate_percent")->u64, 100);
	assert_int_equal(cell(t, 0, "tx_kb")->u64, 2);
	assert_string_equal(cell(t, 1, "name")->str, "10.0.1.3");
	assert_int_equal(cell(t, 1, "connect_failures")->u64, 1);
	assert_string_equal(cell(t, 2, "name")->str, "10.0.1.2");
	assert_int_equal(cell(t, 2, "connections")->u64, 3);
	assert_int_equal(cell(t, 2, "tx_kb")->kind, CELL_ABSENT);
	t = table(&p, "destinations");
	assert_int_equal(t->n_rows, 3);
	t = table(&p, "connections");
	assert_int_equal(t->n_rows, 5);
	assert_int_equal(cell(t, 0, "raddr")->addr[3], 3);
	assert_int_equal(cell(t, 1, "retrans")->u64, 5);
}

static void test_chart(void **state)
{
	struct scene *s = *state;
	struct report_page p CLEANUP(report_page_done) = {0};
	const struct document_chart *chart;
	uint64_t sum = 0;

	scene_retransmit(s, scene_call(s, 1, 2, 443), TCP_CAUSE_RTO);
	scene_retransmit(s, scene_call(s, 1, 3, 443), TCP_CAUSE_RTO);
	p = page_of(s);
	chart = p.document.chart;
	assert_non_null(chart);
	assert_int_equal(chart->start_ns, SCENE_START_S * NSEC_PER_SEC);
	assert_true(chart->n_buckets * chart->bucket_ns >= 10 * NSEC_PER_SEC);
	assert_string_equal(chart->series[TIMELINE_RTO].key, "rto");
	for (size_t i = 0; i < chart->n_buckets; i++)
		sum += chart->series[TIMELINE_RTO].values[i];
	assert_int_equal(sum, 2);
}

/* What there was no room for is a caveat, before those of the tape. */
static void test_caveats(void **state)
{
	static const char *const notes[] = {"a note of the tape"};
	struct scene *s = *state;
	struct report_page p CLEANUP(report_page_done) = {0};

	s->facts.notes = notes;
	s->facts.n_notes = 1;
	for (unsigned int i = 0; i < 40000; i++) {
		struct tcp_conn c = *scene_call(s, 1, 2, (uint16_t)(i + 1));

		c.remote.addr.bytes[1] = (uint8_t)(i >> 16);
		c.remote.addr.bytes[2] = (uint8_t)(i >> 8);
		c.remote.addr.bytes[3] = (uint8_t)i;
		scene_end(s, &c);
	}
	p = page_of(s);
	assert_int_equal(p.document.n_notes, 4);
	assert_string_equal(
		p.document.notes[0],
		"there are more peers than the first 32,768: the others are in the sums "
		"over all only");
	assert_non_null(strstr(p.document.notes[1], "more ports"));
	assert_non_null(strstr(p.document.notes[2], "more destinations"));
	assert_string_equal(p.document.notes[3], "a note of the tape");
	assert_int_equal(table(&p, "peers")->n_left_out, 32768 - 200);
	assert_int_equal(table(&p, "connections")->n_left_out, 40000 - WORST_CONNS_MAX);
}

static void test_verdict(void **state)
{
	struct scene *s = *state;
	struct report_page quiet CLEANUP(report_page_done) = page_of(s);
	struct report_page bad CLEANUP(report_page_done) = {0};

	assert_int_equal(quiet.document.level, DOCUMENT_GOOD);
	assert_string_equal(quiet.document.verdict, quiet.document.findings[0].title);
	s = scene_anew(state);
	scene_end_attempts(s, 10, 1, 2, 443, TCP_ENDING_REMOTE_RESET, 0, 0);
	scene_end_attempts(s, 3, 1, 3, 443, TCP_ENDING_REMOTE_RESET, 0, 0);
	bad = page_of(s);
	assert_int_equal(bad.document.level, DOCUMENT_CRITICAL);
	assert_string_equal(
		bad.document.verdict,
		"A peer. 1 critical, 1 warning; the worst: 10 of 10 connects to 10.0.1.2:443 "
		"were refused");
}

/* The first line names every place that has a warning, also where that of the worst is unknown. */
static void test_verdict_places(void **state)
{
	static const struct {
		struct verdict verdict;
		const char *words;
	} cases[] = {
		{{.place = PLACE_UNKNOWN}, "Where it lies cannot be told"},
		{{.place = PLACE_UNKNOWN, .has_places = {[PLACE_UNKNOWN] = true}},
		 "Where it lies cannot be told"},
		{{.place = PLACE_UNKNOWN,
		  .has_places = {[PLACE_UNKNOWN] = true, [PLACE_NETWORK] = true}},
		 "Where the worst lies cannot be told; other findings lie with the network"},
		{{.place = PLACE_UNKNOWN, .has_places = {[PLACE_PEER] = true, [PLACE_HOST] = true}},
		 "Where the worst lies cannot be told; other findings lie with a peer and this "
		 "host"},
		{{.place = PLACE_HOST, .has_places = {[PLACE_PEER] = true, [PLACE_HOST] = true}},
		 "This host, and also a peer"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text t CLEANUP(text_done) = {0};

		verdict_places_text(&cases[i].verdict, &t);
		assert_string_equal(text_cstr(&t), cases[i].words);
	}
}

/* Shares of the time: what is not known is left out, and what may be more says so. */
static void test_verdict_times(void **state)
{
	static const struct {
		struct busy_time time;
		const char *words;
	} cases[] = {
		{{.conns = 0, .busy_ns = 5}, ""},
		{{.conns = 1, .busy_ns = NSEC_PER_SEC, .knows_repairing = true},
		 "1.000 s with data under way: 0.00% of it repairing losses, 0.00% held back by "
		 "peers' receive windows, 0.00% by full send buffers"},
		{{.conns = 1, .busy_ns = NSEC_PER_SEC, .window_ns = NSEC_PER_SEC / 2},
		 "1.000 s with data under way: 50.0% held back by peers' receive windows, 0.00% by "
		 "full send buffers"},
		{{.conns = 1,
		  .busy_ns = NSEC_PER_SEC,
		  .repairing_ns = NSEC_PER_SEC,
		  .window_ns = NSEC_PER_SEC / 2,
		  .knows_repairing = true,
		  .is_least = true},
		 "1.000 s with data under way: at least 100.0% of it repairing losses, 50.0% held "
		 "back by peers' receive windows, 0.00% by full send buffers (some of it at the "
		 "same time)"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text t CLEANUP(text_done) = {0};

		verdict_time_text(&cases[i].time, &t);
		assert_string_equal(text_cstr(&t), cases[i].words);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_facts),
		TEST(test_bytes_count_once),
		TEST(test_facts_that_are_not_known),
		TEST(test_history),
		TEST(test_history_of_bursts_and_failures),
		TEST(test_history_of_a_connection_from_before_the_tape),
		TEST(test_history_of_an_attempt),
		TEST(test_history_of_a_closed_socket),
		TEST(test_history_of_an_accepted_connection),
		TEST(test_history_of_states_that_nobody_noted),
		TEST(test_history_says_what_is_not_known),
		TEST(test_histories_are_bounded_together),
		TEST(test_tables),
		TEST(test_chart),
		TEST(test_caveats),
		TEST(test_verdict),
		TEST(test_verdict_places),
		TEST(test_verdict_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
