// SPDX-License-Identifier: MIT
/*
 * What happened to one connection: the states that it was in, and its moments. From before its
 * trouble began only birth, handshake and the state it was in then are known.
 */
#include <errno.h>

#include "base/units.h"
#include "pages/report-page.h"
#include "tcp/names.h"

struct writer {
	struct page *page;
	struct document_span *spans;
	size_t n_spans;
	struct document_history_event *events;
	size_t n_events_kept, max;
	uint64_t n_left_out;
	struct text text;
	bool failed;
};

static const char *keep(struct writer *w)
{
	char *s = w->text.failed ? NULL : arena_str(&w->page->arena, text_cstr(&w->text));

	text_clear(&w->text);
	w->failed |= !s;
	return s;
}

static void enter(struct writer *w, uint64_t from_ns, int state)
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

static void end_at(struct writer *w, uint64_t ns)
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

/* What and detail of a moment. */
static struct document_history_event say(struct writer *w, const struct history_event *m)
{
	struct document_history_event d = {.ts_ns = m->ts_ns, .is_trouble = true};
	const char *name;

	switch ((enum history_event_kind)m->kind) {
	case HISTORY_RETRANSMIT:
		d.what = cause_word(m->detail);
		if (m->value) {
			text_str(&w->text, "after ");
			units_duration(&w->text, m->value * NSEC_PER_USEC);
			d.detail = keep(w);
		}
		break;
	case HISTORY_AGAIN:
		d.what = cause_word(m->detail);
		d.n = m->value;
		text_printf(&w->text, "%u at once", m->value);
		d.detail = keep(w);
		break;
	case HISTORY_FAILED:
		d.what = "failed";
		name = tcp_errno_name((int)m->value);
		text_printf(&w->text, "%s: %s", cause_word(m->detail), name ? name : "not sent");
		d.detail = keep(w);
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

static void take(struct writer *w, const struct history_event *m)
{
	if (m->kind == HISTORY_STATE)
		enter(w, m->ts_ns, m->detail);
	if (w->n_events_kept == w->max) {
		w->n_left_out++;
		return;
	}
	w->events[w->n_events_kept++] = say(w, m);
}

/* Before the trouble began. */
static void begin(struct writer *w, const struct worst_conn *c)
{
	const struct conn_history *t = c->conn_history;

	if (c->is_born && c->origin == TCP_ORIGIN_CONNECT)
		enter(w, c->seen_ns, TCP_STATE_SYN_SENT);
	else if (c->is_born && c->origin == TCP_ORIGIN_ACCEPT)
		enter(w, c->seen_ns, TCP_STATE_SYN_RECV);
	/* States between the handshake and the one it was in then are not known. */
	if (c->established_ns && t->state == TCP_STATE_ESTABLISHED)
		enter(w, c->established_ns, TCP_STATE_ESTABLISHED);
	else if (t->state && t->state != TCP_STATE_CLOSE)
		enter(w, t->state_ns ? t->state_ns : c->seen_ns, t->state);
}

int page_history(struct page *p, const struct worst_conn *c, size_t moments_max,
		 struct document_history *ret)
{
	struct writer w = {.page = p, .max = moments_max};
	const struct conn_history *t = c->conn_history;

	*ret = (struct document_history){0};
	if (!t)
		return 0;
	if (w.max > t->n_events_kept)
		w.max = t->n_events_kept;
	w.events = arena_alloc(&p->arena, (w.max + 1) * sizeof(*w.events));
	w.spans = arena_alloc(&p->arena, (t->n_events_kept + 3) * sizeof(*w.spans));
	if (!w.events || !w.spans)
		return -ENOMEM;
	begin(&w, c);
	for (const struct history_piece *piece = t->first; piece; piece = piece->next) {
		for (uint32_t i = 0; i < piece->n; i++)
			take(&w, &piece->items[i]);
	}
	end_at(&w, c->end_ns);
	text_done(&w.text);
	*ret = (struct document_history){w.spans, w.n_spans, w.events, w.n_events_kept,
					 w.n_left_out + t->n_left_out};
	return w.failed ? -ENOMEM : 0;
}
