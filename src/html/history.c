// SPDX-License-Identifier: MIT
/*
 * history: writes the histories of the rows of a table, for the scripts of a page. A history is an
 * array: the number of its row, the instant that its times count from, how many events are shown
 * only as part of a count, how many were left out, flags (1: there before the first span, 2: there
 * after the last), 1 + the number of the string that says what is unknown (0: nothing), and four
 * arrays,
 *   spans   for each span: time since the end of the one before, length, number of its string
 *   events  for each event: time since the one before, 2 * number of its string (+ 1: trouble),
 *           number of its detail + 1 (0: none), how many there were (0: one), time until the last
 *           of them, 1 + time from there until progress was seen (0: it was not)
 *   gaps    for each gap: time since the end of the one before, length, number of its string
 *   strips  for each strip: an array of the numbers of its label and its unit, its last value, and
 *           for each point: time since the end of the one before, length, least value, greatest
 *           value less the least
 * Times are in microseconds. A page has thousands of them, and differences take little room.
 */
#include "html/parts.h"

#include "base/units.h"

static int64_t us_of(uint64_t ts_ns)
{
	return (int64_t)(ts_ns / NSEC_PER_USEC);
}

static int spans_put(const struct document_history *s, int64_t at, struct string_table *strings,
		     struct json_writer *w)
{
	json_open(w, '[');
	for (size_t i = 0; i < s->n_spans; i++) {
		const struct document_span *span = &s->spans[i];
		uint64_t number;
		int r = string_table_number(strings, span->what, &number);

		if (r < 0)
			return r;
		html_json_i64(w, us_of(span->from_ns) - at);
		html_json_i64(w, us_of(span->to_ns) - us_of(span->from_ns));
		json_u64(w, number);
		at = us_of(span->to_ns);
	}
	json_close(w, ']');
	return 0;
}

static int gaps_put(const struct document_history *s, int64_t at, struct string_table *strings,
		    struct json_writer *w)
{
	json_open(w, '[');
	for (size_t i = 0; i < s->n_gaps; i++) {
		const struct document_gap *gap = &s->gaps[i];
		uint64_t number;
		int r = string_table_number(strings, gap->why, &number);

		if (r < 0)
			return r;
		html_json_i64(w, us_of(gap->from_ns) - at);
		html_json_i64(w, us_of(gap->to_ns) - us_of(gap->from_ns));
		json_u64(w, number);
		at = us_of(gap->to_ns);
	}
	json_close(w, ']');
	return 0;
}

static int events_put(const struct document_history *s, int64_t at, struct string_table *strings,
		      struct json_writer *w)
{
	json_open(w, '[');
	for (size_t i = 0; i < s->n_events; i++) {
		const struct document_history_event *m = &s->events[i];
		uint64_t number, detail = 0;
		int r = string_table_number(strings, m->what, &number);

		if (r == 0 && m->detail)
			r = string_table_number(strings, m->detail, &detail);
		if (r < 0)
			return r;
		html_json_i64(w, us_of(m->ts_ns) - at);
		json_u64(w, 2 * number + m->is_trouble);
		json_u64(w, m->detail ? detail + 1 : 0);
		json_u64(w, m->n);
		html_json_i64(w, m->until_ns ? us_of(m->until_ns) - us_of(m->ts_ns) : 0);
		html_json_i64(w, m->has_progress ? 1 + us_of(m->progress_ns) : 0);
		at = us_of(m->ts_ns);
	}
	json_close(w, ']');
	return 0;
}

static int strip_put(const struct document_strip *s, int64_t at, struct string_table *strings,
		     struct json_writer *w)
{
	uint64_t label, unit;
	int r = string_table_number(strings, s->label, &label);

	if (r < 0)
		return r;
	r = string_table_number(strings, s->unit, &unit);
	if (r < 0)
		return r;
	json_open(w, '[');
	json_u64(w, label);
	json_u64(w, unit);
	json_u64(w, s->n ? s->points[s->n - 1].last : 0);
	for (size_t i = 0; i < s->n; i++) {
		const struct document_point *p = &s->points[i];

		html_json_i64(w, us_of(p->ts_ns) - at);
		html_json_i64(w, us_of(p->until_ns) - us_of(p->ts_ns));
		json_u64(w, p->least);
		json_u64(w, p->most - p->least);
		at = us_of(p->until_ns);
	}
	json_close(w, ']');
	return 0;
}

static int strips_put(const struct document_history *s, int64_t at, struct string_table *strings,
		      struct json_writer *w)
{
	int r = 0;

	json_open(w, '[');
	for (size_t i = 0; r == 0 && i < s->n_strips; i++)
		r = strip_put(&s->strips[i], at, strings, w);
	json_close(w, ']');
	return r;
}

static uint64_t history_first_ns(const struct document_history *s)
{
	if (!s->n_spans && !s->n_events)
		return 0;
	if (!s->n_spans)
		return s->events[0].ts_ns;
	if (!s->n_events || s->spans[0].from_ns < s->events[0].ts_ns)
		return s->spans[0].from_ns;
	return s->events[0].ts_ns;
}

static int history_put(const struct html_instants *instants, const struct document_history *s,
		       size_t row, struct string_table *strings, struct json_writer *w)
{
	uint64_t first = history_first_ns(s), unknown = 0;
	int r = s->unknown ? string_table_number(strings, s->unknown, &unknown) : 0;

	if (r < 0)
		return r;
	json_open(w, '[');
	json_u64(w, row);
	html_json_i64(w, html_instant(instants, first));
	json_u64(w, s->n_merged);
	json_u64(w, s->n_left_out);
	json_u64(w, (s->is_before ? 1 : 0) + (s->is_open ? 2 : 0));
	json_u64(w, s->unknown ? unknown + 1 : 0);
	r = spans_put(s, us_of(first), strings, w);
	if (r == 0)
		r = events_put(s, us_of(first), strings, w);
	if (r == 0)
		r = gaps_put(s, us_of(first), strings, w);
	if (r == 0)
		r = strips_put(s, us_of(first), strings, w);
	json_close(w, ']');
	return r;
}

int html_histories(const struct html_instants *instants, const struct document_table *table,
		   struct string_table *strings, struct json_writer *w)
{
	for (size_t i = 0; table->histories && i < table->n_rows; i++) {
		const struct document_history *s = &table->histories[i];
		int r;

		if (!s->n_spans && !s->n_events && !s->unknown)
			continue;
		r = history_put(instants, s, i, strings, w);
		if (r < 0)
			return r;
	}
	return 0;
}
