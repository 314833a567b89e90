// SPDX-License-Identifier: MIT
#include "document/json-history.h"

static void string_put(struct json_writer *w, const char *key, const char *s)
{
	if (!s)
		return;
	json_key(w, key);
	json_cstr(w, s);
}

static void number_put(struct json_writer *w, const char *key, uint64_t n)
{
	json_key(w, key);
	json_u64(w, n);
}

static void spans_put(struct json_writer *w, const struct document_history *h)
{
	json_key(w, "states");
	json_open(w, '[');
	for (size_t i = 0; i < h->n_spans; i++) {
		json_open(w, '{');
		string_put(w, "state", h->spans[i].what);
		number_put(w, "since_ns", h->spans[i].from_ns);
		number_put(w, "until_ns", h->spans[i].to_ns);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void history_event_put(struct json_writer *w, const struct document_history_event *m)
{
	json_open(w, '{');
	number_put(w, "ts_ns", m->ts_ns);
	if (m->until_ns)
		number_put(w, "until_ns", m->until_ns);
	string_put(w, "what", m->what);
	string_put(w, "detail", m->detail);
	number_put(w, "n", m->n ? m->n : 1);
	if (m->waited_ns)
		number_put(w, "waited_ns", m->waited_ns);
	if (m->has_progress)
		number_put(w, "progress_ns", m->progress_ns);
	json_close(w, '}');
}

static void gaps_put(struct json_writer *w, const struct document_history *h)
{
	json_key(w, "gaps");
	json_open(w, '[');
	for (size_t i = 0; i < h->n_gaps; i++) {
		json_open(w, '{');
		number_put(w, "since_ns", h->gaps[i].from_ns);
		number_put(w, "until_ns", h->gaps[i].to_ns);
		string_put(w, "why", h->gaps[i].why);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void point_put(struct json_writer *w, const struct document_point *p)
{
	json_open(w, '{');
	number_put(w, "ts_ns", p->ts_ns);
	number_put(w, "value", p->last);
	if (p->n > 1) {
		number_put(w, "until_ns", p->until_ns);
		number_put(w, "least", p->least);
		number_put(w, "most", p->most);
		number_put(w, "n", p->n);
	}
	json_close(w, '}');
}

static void strips_put(struct json_writer *w, const struct document_history *h)
{
	json_key(w, "samples");
	json_open(w, '{');
	for (size_t i = 0; i < h->n_strips; i++) {
		const struct document_strip *s = &h->strips[i];

		json_key(w, s->key);
		json_open(w, '[');
		for (size_t k = 0; k < s->n; k++)
			point_put(w, &s->points[k]);
		json_close(w, ']');
	}
	json_close(w, '}');
}

void json_history(struct json_writer *w, const struct document_history *h)
{
	if (!h->n_spans && !h->n_events && !h->n_strips && !h->unknown)
		return;
	json_key(w, "history");
	json_open(w, '{');
	json_key(w, "before");
	json_bool(w, h->is_before);
	json_key(w, "open");
	json_bool(w, h->is_open);
	number_put(w, "merged", h->n_merged);
	number_put(w, "left_out", h->n_left_out);
	string_put(w, "unknown", h->unknown);
	spans_put(w, h);
	json_key(w, "events");
	json_open(w, '[');
	for (size_t i = 0; i < h->n_events; i++)
		history_event_put(w, &h->events[i]);
	json_close(w, ']');
	gaps_put(w, h);
	if (h->n_strips)
		strips_put(w, h);
	json_close(w, '}');
}
