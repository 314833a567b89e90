// SPDX-License-Identifier: MIT
/*
 * history: what happened to the rows of a table, for the scripts. Of each story: the number of
 * its row, the instant that its times count from, how much was left out, then
 *   spans    since the end of the one before, length, word, ...
 *   moments  since the one before, 2 * word (+ 1: trouble), number of the detail + 1 (0: none), how
 *            many at once (0: one), ...
 * all times in microseconds: thousands of them take little room.
 */
#include "html/parts.h"

#include "base/units.h"

static int64_t us(uint64_t ts_ns)
{
	return (int64_t)(ts_ns / NSEC_PER_USEC);
}

static int put_spans(const struct document_history *s, int64_t at, struct string_table *words,
		     struct json_writer *w)
{
	json_open(w, '[');
	for (size_t i = 0; i < s->n_spans; i++) {
		const struct document_span *span = &s->spans[i];
		uint64_t word;
		int code = string_table_number(words, span->what, &word);

		if (code < 0)
			return code;
		html_json_i64(w, us(span->from_ns) - at);
		html_json_i64(w, us(span->to_ns) - us(span->from_ns));
		json_u64(w, word);
		at = us(span->to_ns);
	}
	json_close(w, ']');
	return 0;
}

static int put_moments(const struct document_history *s, int64_t at, struct string_table *words,
		       struct json_writer *w)
{
	json_open(w, '[');
	for (size_t i = 0; i < s->n_events; i++) {
		const struct document_history_event *m = &s->events[i];
		uint64_t word, detail = 0;
		int code = string_table_number(words, m->what, &word);

		if (code == 0 && m->detail)
			code = string_table_number(words, m->detail, &detail);
		if (code < 0)
			return code;
		html_json_i64(w, us(m->ts_ns) - at);
		json_u64(w, 2 * word + m->is_trouble);
		json_u64(w, m->detail ? detail + 1 : 0);
		json_u64(w, m->n);
		at = us(m->ts_ns);
	}
	json_close(w, ']');
	return 0;
}

static uint64_t first_ns(const struct document_history *s)
{
	if (!s->n_spans)
		return s->events[0].ts_ns;
	if (!s->n_events || s->spans[0].from_ns < s->events[0].ts_ns)
		return s->spans[0].from_ns;
	return s->events[0].ts_ns;
}

int html_histories(const struct html_instants *instants, const struct document_table *table,
		   struct string_table *words, struct json_writer *w)
{
	for (size_t i = 0; table->histories && i < table->n_rows; i++) {
		const struct document_history *s = &table->histories[i];
		uint64_t first;
		int code;

		if (!s->n_spans && !s->n_events)
			continue;
		first = first_ns(s);
		json_open(w, '[');
		json_u64(w, i);
		html_json_i64(w, html_instant(instants, first));
		json_u64(w, s->n_left_out);
		code = put_spans(s, us(first), words, w);
		if (code == 0)
			code = put_moments(s, us(first), words, w);
		if (code < 0)
			return code;
		json_close(w, ']');
	}
	return 0;
}
