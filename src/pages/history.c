// SPDX-License-Identifier: MIT
/*
 * history: the history of one connection: the states that it was in, its events, and the stretches
 * of time of which less is known. Before its first event a connection had no trouble that is on the
 * tape.
 */
#include <assert.h>
#include <string.h>

#include "base/units.h"
#include "gather/history-thin.h"
#include "pages/history-costs.h"
#include "pages/history-words.h"
#include "pages/history.h"
#include "tcp/names.h"

#define GAPS_MAX 16u

struct history {
	struct document_builder *builder;
	struct document_span *spans;
	size_t n_spans;
	struct document_history_event *events;
	size_t n_events;
	struct document_gap *gaps; /* room for GAPS_MAX */
	size_t n_gaps;
	uint64_t n_merged;
	struct text text; /* the detail of the next event */
};

static const char *history_detail(struct history *w)
{
	return w->text.len ? document_builder_text(w->builder, &w->text) : NULL;
}

/* Adds the span of a state that the connection enters; does nothing if it is in that state. */
static void history_enter(struct history *w, uint64_t from_ns, const char *name)
{
	struct document_span *last = w->n_spans ? &w->spans[w->n_spans - 1] : NULL;

	assert(w->spans);
	if (last && last->from_ns > from_ns)
		return;
	if (last && last->what == name)
		return;
	if (last)
		last->to_ns = from_ns;
	w->spans[w->n_spans++] = (struct document_span){from_ns, from_ns, name ? name : "?"};
}

static void history_end(struct history *w, uint64_t ns)
{
	struct document_span *last = w->n_spans ? &w->spans[w->n_spans - 1] : NULL;

	if (last && ns > last->from_ns)
		last->to_ns = ns;
}

static void history_add(struct history *w, const struct history_event *m,
			const struct history_cost *cost)
{
	struct document_history_event *d = &w->events[w->n_events++];

	*d = (struct document_history_event){
		.ts_ns = m->ts_ns,
		.until_ns = m->n > 1 ? m->until_ns : 0,
		.n = m->n > 1 ? m->n : 0,
		.is_span = m->kind == HISTORY_STATE,
		.waited_ns = m->kind == HISTORY_RETRANSMIT ? m->value * NSEC_PER_USEC : 0,
		.has_progress = cost->has_progress,
		.progress_ns = cost->progress_ns,
	};
	if (m->until_ns - m->ts_ns >= HISTORY_AT_ONCE_NS)
		w->n_merged += m->n;
	history_words(m, d, &w->text);
	d->detail = history_detail(w);
	if (m->kind == HISTORY_STATE)
		history_enter(w, m->ts_ns, tcp_state_name(m->detail));
}

static bool state_is_of_handshake(unsigned int state)
{
	return state == TCP_STATE_SYN_SENT || state == TCP_STATE_SYN_RECV;
}

/* Adds the states before those that are among the events. */
static void history_begin(struct history *w, const struct worst_conn *c)
{
	const struct conn_history *t = c->conn_history;
	/* When the connection was established, if the history does not say it itself. */
	uint64_t established_ns =
		t->state && !state_is_of_handshake(t->state) ? c->life.established_ns : 0;
	uint64_t state_ns = t->state_ns ? t->state_ns : c->life.seen_ns;

	if (c->life.is_born && c->life.origin == TCP_ORIGIN_CONNECT)
		history_enter(w, c->life.seen_ns, tcp_state_name(TCP_STATE_SYN_SENT));
	else if (c->life.is_born && c->life.origin == TCP_ORIGIN_ACCEPT)
		history_enter(w, c->life.seen_ns, tcp_state_name(TCP_STATE_SYN_RECV));
	if (established_ns && t->state == TCP_STATE_ESTABLISHED) {
		history_enter(w, established_ns, tcp_state_name(t->state));
		return;
	}
	/* These two states follow ESTABLISHED; before others there is one more, whose beginning is
	 * not known. */
	if (established_ns && t->state_ns &&
	    (t->state == TCP_STATE_FIN_WAIT1 || t->state == TCP_STATE_CLOSE_WAIT))
		history_enter(w, established_ns, tcp_state_name(TCP_STATE_ESTABLISHED));
	else if (established_ns)
		history_enter(w, established_ns, "ESTABLISHED or later");
	if (t->state && t->state != TCP_STATE_CLOSE)
		history_enter(w, state_ns, tcp_state_name(t->state));
}

/* Tells of SYN-ACKs that were retransmitted before the kernel made the socket: their events belong
 * to no socket. */
static void history_add_synacks(struct history *w, const struct worst_conn *c,
				const struct history_event *items, size_t n)
{
	uint32_t known = 0;

	for (size_t i = 0; i < n; i++)
		known += items[i].kind == HISTORY_RETRANSMIT && items[i].detail == TCP_CAUSE_SYNACK
				 ? items[i].n
				 : 0;
	if (c->life.origin != TCP_ORIGIN_ACCEPT || c->traffic.handshake_retrans <= known)
		return;
	text_printf(&w->text, "%u before, in the handshake", c->traffic.handshake_retrans - known);
	w->events[w->n_events++] = (struct document_history_event){
		.ts_ns = c->life.seen_ns,
		.what = tcp_cause_name(TCP_CAUSE_SYNACK),
		.detail = history_detail(w),
		.n = c->traffic.handshake_retrans - known,
		.is_trouble = true,
	};
}

static void history_add_end(struct history *w, const struct worst_conn *c)
{
	const char *err = c->life.err ? tcp_errno_name(c->life.err) : NULL;
	const char *how = tcp_ending_name(c->life.ending);
	struct document_history_event end;
	size_t at = w->n_events;

	if (c->life.ending == TCP_ENDING_OPEN || c->life.ending == TCP_ENDING_UNSEEN)
		return;
	text_str(&w->text, how ? how : "?");
	if (err)
		text_printf(&w->text, ", %s", err);
	end = (struct document_history_event){
		.ts_ns = c->life.end_ns,
		.what = "end",
		.detail = history_detail(w),
		.is_trouble = c->life.ending == TCP_ENDING_REMOTE_RESET ||
			      c->life.ending == TCP_ENDING_LOCAL_RESET ||
			      c->life.ending == TCP_ENDING_TIMEOUT ||
			      c->life.ending == TCP_ENDING_ERROR,
	};
	/* An error may be reported after CLOSE. */
	while (at > 0 && w->events[at - 1].ts_ns > end.ts_ns)
		at--;
	memmove(&w->events[at + 1], &w->events[at], (w->n_events - at) * sizeof(*w->events));
	w->events[at] = end;
	w->n_events++;
}

/* Adds a gap, as far as it lies in the time of the history. */
static void history_add_gap(struct history *w, const struct worst_conn *c, uint64_t from_ns,
			    uint64_t to_ns, const char *why)
{
	if (from_ns < c->life.seen_ns)
		from_ns = c->life.seen_ns;
	if (to_ns > c->life.end_ns)
		to_ns = c->life.end_ns;
	if (from_ns < to_ns && w->n_gaps < GAPS_MAX)
		w->gaps[w->n_gaps++] = (struct document_gap){from_ns, to_ns, why};
}

static void history_add_gaps(struct history *w, const struct history_source *p,
			     const struct worst_conn *c)
{
	const struct conn_history *t = c->conn_history;
	const struct tape_facts *facts = p->facts;

	history_add_gap(w, c, 0, p->in->context->since_ns, "before the time asked for");
	for (size_t i = 0; i < facts->n_gaps; i++)
		history_add_gap(w, c, facts->gaps[i].from_ns, facts->gaps[i].to_ns,
				"events were lost");
	if (t->n_left_out)
		history_add_gap(w, c, t->left_out_first_ns, t->left_out_last_ns + 1,
				"no room for all events");
}

/* Says which events this tape lacks everywhere. NULL: none that is known of. */
static const char *unrecorded(const struct history_source *p)
{
	static const struct {
		enum tcp_kind kind;
		const char *what;
	} kinds[] = {
		{TCP_KIND_RETRANSMIT, "retransmissions"},
		{TCP_KIND_CONG_STATE, "congestion states"},
		{TCP_KIND_SEND_RESET, "RSTs sent"},
		{TCP_KIND_RECEIVE_RESET, "RSTs received"},
		{TCP_KIND_SET_STATE, "changes of state"},
	};
	struct text t CLEANUP(text_done) = {0};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (p->in->context->recorded & TCP_KIND_BIT(kinds[i].kind))
			continue;
		text_str(&t, t.len ? ", " : "Not recorded, and so not shown: ");
		text_str(&t, kinds[i].what);
	}
	if (p->facts->undelivered)
		text_printf(&t, "%s that the kernel counted and did not deliver are missing",
			    t.len ? "; and events" : "Events");
	return t.len ? document_builder_text(p->builder, &t) : NULL;
}

static bool has_trouble(const struct worst_conn *c)
{
	return c->traffic.retrans || c->traffic.probes || c->traffic.resets;
}

/* Copies the events of a history, thinned to events_max, and works out what each cost. Returns
 * their number; 0 where memory has run out, too. */
static size_t history_events(const struct history *w, const struct conn_history *t,
			     size_t events_max, struct history_event **ret,
			     struct history_cost **ret_costs)
{
	size_t max = t->n_events_kept, n;
	struct history_event *items =
		document_builder_alloc(w->builder, (max + 1) * sizeof(*items));
	struct history_cost *costs = document_builder_alloc(w->builder, (max + 1) * sizeof(*costs));
	uint8_t widths[HISTORY_RANKS];

	if (!items || !costs)
		return 0;
	memcpy(widths, t->widths, sizeof(widths));
	n = conn_history_events(t, items, max);
	n = history_thin(items, n, events_max, widths);
	history_costs(items, n, costs);
	*ret = items;
	*ret_costs = costs;
	return n;
}

void history_make(const struct history_source *p, const struct worst_conn *c, size_t events_max,
		  struct document_history *ret)
{
	struct history w = {.builder = p->builder};
	const struct conn_history *t = c->conn_history;
	struct history_event *items = NULL;
	struct history_cost *costs = NULL;
	size_t n;

	*ret = (struct document_history){0};
	if (!t) {
		if (has_trouble(c) && p->in->conn_histories.n_refused)
			ret->unknown = "The events of this connection are not known: there was no "
				       "room to keep them.";
		return;
	}
	n = history_events(&w, t, events_max, &items, &costs);
	w.events = document_builder_alloc(w.builder, (n + 2) * sizeof(*w.events));
	w.spans = document_builder_alloc(w.builder, (n + 4) * sizeof(*w.spans));
	w.gaps = document_builder_alloc(w.builder, GAPS_MAX * sizeof(*w.gaps));
	if (!w.events || !w.spans || !w.gaps)
		return;
	history_begin(&w, c);
	history_add_synacks(&w, c, items, n);
	for (size_t i = 0; i < n; i++)
		history_add(&w, &items[i], &costs[i]);
	history_add_end(&w, c);
	history_end(&w, c->life.end_ns);
	history_add_gaps(&w, p, c);
	text_done(&w.text);
	*ret = (struct document_history){.spans = w.spans,
					 .n_spans = w.n_spans,
					 .events = w.events,
					 .n_events = w.n_events,
					 .gaps = w.gaps,
					 .n_gaps = w.n_gaps,
					 .n_merged = w.n_merged,
					 .n_left_out = t->n_left_out,
					 .unknown = unrecorded(p),
					 .is_before = !c->life.is_born,
					 .is_open = c->life.ending == TCP_ENDING_OPEN};
}
