// SPDX-License-Identifier: MIT
#include "document/story.h"

#include <string.h>

#include "base/units.h"

static bool span_line(const struct story_lines *l, struct story_line *ret)
{
	const struct document_history *h = l->history;

	if (l->span >= h->n_spans)
		return false;
	*ret = (struct story_line){.ts_ns = h->spans[l->span].from_ns,
				   .what = h->spans[l->span].what,
				   .span = &h->spans[l->span]};
	return true;
}

static bool event_line(const struct story_lines *l, struct story_line *ret)
{
	const struct document_history *h = l->history;

	if (l->event >= h->n_events)
		return false;
	*ret = (struct story_line){.ts_ns = h->events[l->event].ts_ns,
				   .what = h->events[l->event].what,
				   .is_trouble = h->events[l->event].is_trouble,
				   .event = &h->events[l->event]};
	return true;
}

static bool gap_line(const struct story_lines *l, struct story_line *ret)
{
	const struct document_history *h = l->history;

	if (l->gap >= h->n_gaps)
		return false;
	*ret = (struct story_line){
		.ts_ns = h->gaps[l->gap].from_ns, .what = "less is known", .gap = &h->gaps[l->gap]};
	return true;
}

bool story_lines_next(struct story_lines *l, struct story_line *ret)
{
	struct story_line event, gap;
	bool has_one, has_event, has_gap;

	/* Their spans say the same. */
	while (l->event < l->history->n_events && l->history->events[l->event].is_span)
		l->event++;
	has_one = span_line(l, ret);
	has_event = event_line(l, &event);
	has_gap = gap_line(l, &gap);
	if (has_event && (!has_one || event.ts_ns < ret->ts_ns))
		*ret = event;
	has_one |= has_event;
	if (has_gap && (!has_one || gap.ts_ns < ret->ts_ns))
		*ret = gap;
	has_one |= has_gap;
	if (!has_one)
		return false;
	l->span += ret->span != NULL;
	l->event += ret->event != NULL;
	l->gap += ret->gap != NULL;
	return true;
}

size_t story_lines_count(const struct document_history *h)
{
	size_t n = h->n_spans + h->n_events + h->n_gaps;

	for (size_t i = 0; i < h->n_events; i++)
		n -= h->events[i].is_span;
	return n;
}

static void event_detail(const struct document_history_event *m, struct text *t)
{
	if (m->detail)
		text_str(t, m->detail);
	if (!m->has_progress)
		return;
	text_str(t, t->len ? "; progress seen " : "progress seen ");
	units_duration(t, m->progress_ns);
	text_str(t, " later");
}

void story_line_detail(const struct document_history *h, const struct story_line *line,
		       struct text *t)
{
	if (line->event) {
		event_detail(line->event, t);
		return;
	}
	if (line->gap) {
		text_str(t, "for ");
		units_duration(t, line->gap->to_ns - line->gap->from_ns);
		text_str(t, ": ");
		text_str(t, line->gap->why);
		return;
	}
	if (!line->span || line->span->to_ns == line->span->from_ns)
		return;
	text_str(t, "for ");
	units_duration(t, line->span->to_ns - line->span->from_ns);
	if (h->is_open && line->span == &h->spans[h->n_spans - 1])
		text_str(t, ", and still");
}

static void sentence_begin(struct text *t)
{
	text_str(t, t->len ? " " : "");
}

void story_limits(const struct document_history *h, struct text *t)
{
	if (h->n_merged) {
		units_count(t, h->n_merged);
		text_str(t,
			 " of the events are shown together: as how many there were in a stretch "
			 "of time (--all shows each).");
	}
	if (h->n_left_out) {
		sentence_begin(t);
		text_str(t, "There was no room for ");
		units_count(t, h->n_left_out);
		text_str(t, " more events.");
	}
	if (!h->unknown)
		return;
	sentence_begin(t);
	text_str(t, h->unknown);
	text_str(t, h->unknown[strlen(h->unknown) - 1] == '.' ? "" : ".");
}

static void span_extend(uint64_t *from, uint64_t *to, uint64_t a, uint64_t b)
{
	*from = a < *from ? a : *from;
	*to = b > *to ? b : *to;
}

void story_span(const struct document_history *h, uint64_t *ret_from_ns, uint64_t *ret_to_ns)
{
	uint64_t from = UINT64_MAX, to = 0;

	for (size_t i = 0; i < h->n_spans; i++)
		span_extend(&from, &to, h->spans[i].from_ns, h->spans[i].to_ns);
	for (size_t i = 0; i < h->n_events; i++) {
		const struct document_history_event *m = &h->events[i];

		span_extend(&from, &to, m->ts_ns, m->until_ns > m->ts_ns ? m->until_ns : m->ts_ns);
	}
	for (size_t i = 0; i < h->n_strips; i++) {
		const struct document_strip *s = &h->strips[i];

		if (s->n)
			span_extend(&from, &to, s->points[0].ts_ns, s->points[s->n - 1].until_ns);
	}
	*ret_from_ns = from < to ? from : to;
	*ret_to_ns = to;
}

/* The column in which a time lies. */
static size_t column_of(uint64_t from_ns, uint64_t to_ns, size_t columns, uint64_t ts_ns)
{
	size_t at = to_ns > from_ns && ts_ns > from_ns
			    ? (size_t)((double)(ts_ns - from_ns) / (double)(to_ns - from_ns) *
				       (double)columns)
			    : 0;

	return at < columns ? at : columns - 1;
}

#define COLUMNS_MAX 128u

struct strip_columns {
	uint64_t values[COLUMNS_MAX], peak;
	bool is_known[COLUMNS_MAX];
};

static void column_raise(struct strip_columns *c, size_t at, uint64_t value)
{
	if (!c->is_known[at] || value > c->values[at])
		c->values[at] = value;
	c->is_known[at] = true;
	c->peak = value > c->peak ? value : c->peak;
}

static void columns_put(const struct strip_columns *c, size_t columns, struct text *t)
{
	static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

	for (size_t i = 0; i < columns; i++) {
		double share = c->peak ? (double)c->values[i] / (double)c->peak : 0;

		text_str(t, c->is_known[i] ? blocks[(size_t)(share * 7.0 + 0.5)] : " ");
	}
}

void story_strip(const struct document_history *h, const struct document_strip *strip,
		 size_t columns, struct text *t)
{
	struct strip_columns c = {.peak = 0};
	uint64_t from, to;

	columns = columns < COLUMNS_MAX ? columns : COLUMNS_MAX;
	story_span(h, &from, &to);
	for (size_t i = 0; i < strip->n; i++) {
		const struct document_point *p = &strip->points[i];
		size_t last = column_of(from, to, columns, p->until_ns);

		for (size_t at = column_of(from, to, columns, p->ts_ns); at <= last; at++)
			column_raise(&c, at, p->most);
	}
	columns_put(&c, columns, t);
}

void story_trouble_strip(const struct document_history *h, size_t columns, struct text *t)
{
	struct strip_columns c = {.peak = 0};
	uint64_t from, to;

	columns = columns < COLUMNS_MAX ? columns : COLUMNS_MAX;
	story_span(h, &from, &to);
	for (size_t i = 0; i < h->n_events; i++) {
		size_t at = column_of(from, to, columns, h->events[i].ts_ns);

		if (h->events[i].is_trouble)
			column_raise(&c, at, c.values[at] + (h->events[i].n ? h->events[i].n : 1));
	}
	columns_put(&c, columns, t);
}

uint64_t story_troubles(const struct document_history *h)
{
	uint64_t n = 0;

	for (size_t i = 0; i < h->n_events; i++)
		n += h->events[i].is_trouble ? (h->events[i].n ? h->events[i].n : 1) : 0;
	return n;
}

void story_value(struct text *t, const struct document_strip *strip, uint64_t value)
{
	if (!strcmp(strip->unit, "us"))
		units_duration(t, value * NSEC_PER_USEC);
	else if (!strcmp(strip->unit, "bytes"))
		units_size(t, value);
	else
		units_count(t, value);
}

void story_extremes(const struct document_strip *strip, uint64_t *ret_least, uint64_t *ret_most,
		    uint64_t *ret_last)
{
	uint64_t least = UINT64_MAX, most = 0;

	for (size_t i = 0; i < strip->n; i++) {
		least = strip->points[i].least < least ? strip->points[i].least : least;
		most = strip->points[i].most > most ? strip->points[i].most : most;
	}
	*ret_least = least;
	*ret_most = most;
	*ret_last = strip->n ? strip->points[strip->n - 1].last : 0;
}
