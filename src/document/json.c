// SPDX-License-Identifier: MIT
/*
 * json: writes a document as one JSON object on one line. Each fact is a member of the object, and
 * so are `metrics`, `findings`, `timeline` and each table.
 */
#include <errno.h>
#include <string.h>

#include "document/json-history.h"
#include "document/renderer.h"
#include "render/json-cell.h"

struct json_page {
	const struct document *document;
	struct timestamp timestamp;
	struct json_writer w;
};

#define METRIC "metric_"

static bool is_metric(const struct document_item *item)
{
	return !strncmp(item->key, METRIC, sizeof(METRIC) - 1);
}

static void item_put(struct json_page *p, const struct document_item *item, size_t skip)
{
	const struct column column = {.decimals = item->decimals};

	json_cell(&p->w, item->key + skip, &column, &item->cell, &p->timestamp);
}

static void time_put(struct json_page *p, const char *key, uint64_t ts_ns)
{
	const struct column column = {.decimals = 9};
	const struct cell cell = cell_time(ts_ns);

	json_cell(&p->w, key, &column, &cell, &p->timestamp);
}

static void string_put(struct json_page *p, const char *key, const char *s)
{
	if (!s)
		return;
	json_key(&p->w, key);
	json_cstr(&p->w, s);
}

static void facts_put(struct json_page *p)
{
	const struct document *d = p->document;

	for (size_t i = 0; i < d->n_facts; i++) {
		if (!is_metric(&d->facts[i]))
			item_put(p, &d->facts[i], 0);
	}
	json_key(&p->w, "metrics");
	json_open(&p->w, '{');
	for (size_t i = 0; i < d->n_facts; i++) {
		if (is_metric(&d->facts[i]))
			item_put(p, &d->facts[i], sizeof(METRIC) - 1);
	}
	json_close(&p->w, '}');
}

static void finding_put(struct json_page *p, const struct document_finding *f)
{
	json_open(&p->w, '{');
	string_put(p, "id", f->id);
	string_put(p, "level", document_level_name(f->level));
	string_put(p, "title", f->title);
	if (f->since_ns || f->until_ns) {
		time_put(p, "since", f->since_ns);
		time_put(p, "until", f->until_ns);
		json_key(&p->w, "since_ns");
		json_u64(&p->w, f->since_ns);
		json_key(&p->w, "until_ns");
		json_u64(&p->w, f->until_ns);
	}
	json_key(&p->w, "evidence");
	json_open(&p->w, '{');
	for (size_t i = 0; i < f->n_evidence; i++)
		item_put(p, &f->evidence[i], 0);
	json_close(&p->w, '}');
	string_put(p, "meaning", f->meaning);
	string_put(p, "rule", f->rule);
	string_put(p, "place", f->place);
	string_put(p, "sure", f->sure);
	string_put(p, "doubt", f->doubt);
	string_put(p, "command", f->command);
	json_close(&p->w, '}');
}

static void findings_put(struct json_page *p)
{
	json_key(&p->w, "findings");
	json_open(&p->w, '[');
	for (size_t i = 0; i < p->document->n_findings; i++)
		finding_put(p, &p->document->findings[i]);
	json_close(&p->w, ']');
}

static void chart_put(struct json_page *p)
{
	const struct document_chart *c = p->document->chart;

	json_key(&p->w, "timeline");
	json_open(&p->w, '{');
	time_put(p, "start", c->start_ns);
	json_key(&p->w, "start_ns");
	json_u64(&p->w, c->start_ns);
	json_key(&p->w, "bucket_ns");
	json_u64(&p->w, c->bucket_ns);
	json_key(&p->w, "series");
	json_open(&p->w, '{');
	for (size_t s = 0; s < c->n_series; s++) {
		json_key(&p->w, c->series[s].key);
		json_open(&p->w, '[');
		for (size_t i = 0; i < c->n_buckets; i++)
			json_u64(&p->w, c->series[s].values[i]);
		json_close(&p->w, ']');
	}
	json_close(&p->w, '}');
	json_close(&p->w, '}');
}

static void table_put(struct json_page *p, const struct document_table *t)
{
	json_key(&p->w, t->id);
	json_open(&p->w, '[');
	for (size_t row = 0; row < t->n_rows; row++) {
		json_open(&p->w, '{');
		for (size_t i = 0; i < t->n_columns; i++) {
			if (t->columns[i].where & COLUMN_JSON)
				json_cell(&p->w, t->columns[i].key, &t->columns[i],
					  &t->cells[row * t->n_columns + i], &p->timestamp);
		}
		if (t->histories)
			json_history(&p->w, &t->histories[row]);
		json_close(&p->w, '}');
	}
	json_close(&p->w, ']');
}

static int json_render(const struct document *d, const struct render_options *o,
		       unsigned int columns, struct text *out, struct fault *fault)
{
	struct json_page p = {d, timestamp_for_data(o), json_writer_to(out)};

	json_open(&p.w, '{');
	string_put(&p, "verdict", d->verdict);
	string_put(&p, "level", document_level_name(d->level));
	facts_put(&p);
	findings_put(&p);
	if (d->chart)
		chart_put(&p);
	for (size_t i = 0; i < d->n_tables; i++)
		table_put(&p, &d->tables[i]);
	json_key(&p.w, "notes");
	json_open(&p.w, '[');
	for (size_t i = 0; i < d->n_notes; i++)
		json_cstr(&p.w, d->notes[i]);
	json_close(&p.w, ']');
	json_close(&p.w, '}');
	text_char(out, '\n');
	return out->failed ? fault_errno(fault, -ENOMEM, "report") : 0;
}

const struct document_renderer document_json = {
	.render = json_render,
};
