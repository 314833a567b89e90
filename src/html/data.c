// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "base/units.h"
#include "html/parts.h"

/* Writes the values of a series. A run of zeros is written as one number: minus its length. */
static void values_put(struct json_writer *w, const uint64_t *values, size_t n)
{
	int64_t zeros = 0;

	json_key(w, "values");
	json_open(w, '[');
	for (size_t i = 0; i <= n; i++) {
		if (i < n && !values[i]) {
			zeros++;
			continue;
		}
		if (zeros)
			html_json_i64(w, -zeros);
		zeros = 0;
		if (i < n)
			json_u64(w, values[i]);
	}
	json_close(w, ']');
}

static void series_put(struct json_writer *w, const struct document_series *s, size_t n)
{
	json_open(w, '{');
	json_key(w, "label");
	html_json_cstr(w, s->label);
	json_key(w, "gauge");
	json_bool(w, s->is_gauge);
	json_key(w, "trouble");
	json_bool(w, s->is_trouble);
	values_put(w, s->values, n);
	json_close(w, '}');
}

/* Writes where the wall clock was set or slewed while the tape ran: the number of a bucket, and
 * by how many microseconds the wall time has moved against the tape's clock since the start of
 * the chart. */
static void shifts_put(const struct html_page *p, struct json_writer *w,
		       const struct document_chart *c)
{
	int64_t least_us = (int64_t)(c->bucket_ns / NSEC_PER_USEC / 4), last_us = 0;

	json_key(w, "shifts");
	json_open(w, '[');
	for (size_t i = 0; i < c->n_buckets; i++) {
		uint64_t ts_ns = c->start_ns + i * c->bucket_ns;
		int64_t shift = html_instant(&p->instants, ts_ns) -
				html_instant_from(&p->instants, c->start_ns, ts_ns);

		if (llabs(shift - last_us) <= least_us)
			continue;
		last_us = shift;
		json_u64(w, i);
		html_json_i64(w, shift);
	}
	json_close(w, ']');
}

static void chart_put(const struct html_page *p, struct json_writer *w)
{
	const struct document_chart *c = p->document->chart;

	if (!html_has_chart(p->document))
		return;
	json_key(w, "chart");
	json_open(w, '{');
	json_key(w, "at");
	html_json_i64(w, html_instant(&p->instants, c->start_ns));
	json_key(w, "bucket_ns");
	json_u64(w, c->bucket_ns);
	json_key(w, "n");
	json_u64(w, c->n_buckets);
	shifts_put(p, w, c);
	json_key(w, "series");
	json_open(w, '[');
	for (size_t i = 0; i < c->n_series; i++)
		series_put(w, &c->series[i], c->n_buckets);
	json_close(w, ']');
	json_close(w, '}');
}

static int tables_put(const struct html_page *p, struct string_table *strings,
		      struct json_writer *w)
{
	json_key(w, "tables");
	json_open(w, '[');
	for (size_t i = 0; i < p->document->n_tables; i++) {
		const struct document_table *t = &p->document->tables[i];
		int r;

		json_open(w, '{');
		json_key(w, "brief");
		json_u64(w, t->n_brief);
		json_key(w, "histories");
		json_open(w, '[');
		r = html_histories(&p->instants, t, strings, w);
		if (r < 0)
			return r;
		json_close(w, ']');
		json_close(w, '}');
	}
	json_close(w, ']');
	return 0;
}

static void time_put(const struct html_page *p, struct json_writer *w)
{
	static const char *const names[] = {
		[RENDER_TIME_LOCAL] = "day",
		[RENDER_TIME_UTC] = "day",
		[RENDER_TIME_REL] = "relative",
		[RENDER_TIME_UNIX] = "unix",
	};

	json_key(w, "time");
	json_open(w, '{');
	json_key(w, "mode");
	json_cstr(w, names[p->instants.mode]);
	json_key(w, "offset_s");
	html_json_i64(w, p->instants.offset_s);
	json_key(w, "zone");
	html_json_cstr(w, p->instants.zone);
	json_close(w, '}');
}

int html_data(struct html_page *p)
{
	struct string_table strings CLEANUP(string_table_done) = {0};
	struct text json CLEANUP(text_done) = {0};
	struct json_writer w = json_writer_to(&json);
	int r;

	json_open(&w, '{');
	time_put(p, &w);
	chart_put(p, &w);
	r = tables_put(p, &strings, &w);
	if (r < 0)
		return r;
	json_key(&w, "strings");
	json_open(&w, '[');
	for (size_t i = 0; i < strings.n; i++)
		html_json_cstr(&w, strings.list[i]);
	json_close(&w, ']');
	json_close(&w, '}');

	text_str(p->out, "<script type=\"application/json\" id=\"data\">");
	html_json(p->out, &json);
	text_str(p->out, "</script>\n");
	return 0;
}
