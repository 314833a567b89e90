// SPDX-License-Identifier: MIT
/*
 * history: the history of one connection: the states that it was in, and its events. Of the time
 * before the first event only birth, handshake and one state are known.
 */
#include "base/units.h"
#include "pages/report-page.h"
#include "tcp/names.h"

struct history {
	struct document_builder *builder;
	struct document_span *spans;
	size_t n_spans;
	struct document_history_event *events;
	size_t n_events, events_max;
	uint64_t n_left_out;
	struct text text; /* the detail of the next event */
};

static const char *history_detail(struct history *w)
{
	return document_builder_text(w->builder, &w->text);
}

/* Adds the span of a state that the connection enters; does nothing if it is in that state. */
static void history_enter(struct history *w, uint64_t from_ns, int state)
{
	struct document_span *last = w->n_spans ? &w->spans[w->n_spans - 1] : NULL;
	const char *name = tcp_state_name(state);

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

static const char *cause_word(unsigned int cause)
{
	const char *name = tcp_cause_name((enum tcp_cause)cause);

	return name ? name : "retransmit";
}

static struct document_history_event history_describe(struct history *w,
						      const struct history_event *m)
{
	struct document_history_event d = {.ts_ns = m->ts_ns, .is_trouble = true};
	const char *name;

	switch ((enum history_event_kind)m->kind) {
	case HISTORY_RETRANSMIT:
		d.what = cause_word(m->detail);
		if (m->value) {
			text_str(&w->text, "after ");
			units_duration(&w->text, m->value * NSEC_PER_USEC);
			d.detail = history_detail(w);
		}
		break;
	case HISTORY_AGAIN:
		d.what = cause_word(m->detail);
		d.n = m->value;
		text_printf(&w->text, "%u at once", m->value);
		d.detail = history_detail(w);
		break;
	case HISTORY_FAILED:
		d.what = "failed";
		name = tcp_errno_name((int)m->value);
		text_printf(&w->text, "%s: %s", cause_word(m->detail), name ? name : "not sent");
		d.detail = history_detail(w);
		break;
	case HISTORY_STATE:
		d.what = "state";
		d.detail = tcp_state_name(m->detail);
		d.is_trouble = false;
		break;
	case HISTORY_CONGESTION:
		d.what = "congestion";
		d.detail = tcp_ca_name(m->detail);
		d.is_trouble = false;
		break;
	case HISTORY_RESET:
		d.what = m->value ? "RST received" : "RST sent";
		d.detail = reset_kind_name(m->detail);
		break;
	case HISTORY_ERROR:
		d.what = "error";
		d.detail = tcp_errno_name((int)m->value);
		break;
	}
	return d;
}

static void history_add(struct history *w, const struct history_event *m)
{
	if (m->kind == HISTORY_STATE)
		history_enter(w, m->ts_ns, m->detail);
	if (w->n_events == w->events_max) {
		w->n_left_out++;
		return;
	}
	w->events[w->n_events++] = history_describe(w, m);
}

/* Adds the states before the first event of the history. */
static void history_begin(struct history *w, const struct worst_conn *c)
{
	const struct conn_history *t = c->conn_history;

	if (c->life.is_born && c->life.origin == TCP_ORIGIN_CONNECT)
		history_enter(w, c->life.seen_ns, TCP_STATE_SYN_SENT);
	else if (c->life.is_born && c->life.origin == TCP_ORIGIN_ACCEPT)
		history_enter(w, c->life.seen_ns, TCP_STATE_SYN_RECV);
	/* The states between the handshake and that of the first event are not known. */
	if (c->life.established_ns && t->state == TCP_STATE_ESTABLISHED)
		history_enter(w, c->life.established_ns, TCP_STATE_ESTABLISHED);
	else if (t->state && t->state != TCP_STATE_CLOSE)
		history_enter(w, t->state_ns ? t->state_ns : c->life.seen_ns, t->state);
}

void report_page_history(struct report_page *p, const struct worst_conn *c, size_t events_max,
			 struct document_history *ret)
{
	struct history w = {.builder = &p->builder, .events_max = events_max};
	const struct conn_history *t = c->conn_history;

	*ret = (struct document_history){0};
	if (!t)
		return;
	if (w.events_max > t->n_events_kept)
		w.events_max = t->n_events_kept;
	w.events = document_builder_alloc(w.builder, (w.events_max + 1) * sizeof(*w.events));
	w.spans = document_builder_alloc(w.builder, (t->n_events_kept + 3) * sizeof(*w.spans));
	if (!w.events || !w.spans)
		return;
	history_begin(&w, c);
	for (const struct history_piece *piece = t->first; piece; piece = piece->next) {
		for (uint32_t i = 0; i < piece->n; i++)
			history_add(&w, &piece->items[i]);
	}
	history_end(&w, c->life.end_ns);
	text_done(&w.text);
	*ret = (struct document_history){w.spans, w.n_spans, w.events, w.n_events,
					 w.n_left_out + t->n_left_out};
}
