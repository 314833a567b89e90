// SPDX-License-Identifier: MIT
/*
 * The head of the page: where and when, what was recorded, what is missing; and for machines the
 * metrics.
 */
#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "detect/metrics.h"
#include "pages/report-page.h"

#define FACTS_MAX 64u

struct list {
	struct page *page;
	struct document_item *items;
	size_t n;
	struct text text;
	bool failed;
};

static const char *keep(struct list *l)
{
	char *s = l->text.failed ? NULL : arena_str(&l->page->arena, text_cstr(&l->text));

	text_clear(&l->text);
	l->failed |= !s;
	return s;
}

static struct document_item *add(struct list *l, const char *key, const char *label)
{
	struct document_item *item = &l->items[l->n < FACTS_MAX ? l->n++ : FACTS_MAX - 1];

	*item = (struct document_item){.key = key, .label = label};
	return item;
}

static void add_str(struct list *l, const char *key, const char *label, const char *s)
{
	if (s && *s)
		add(l, key, label)->cell = cell_str(s);
}

/* The number for machines, l->text for people. */
static void add_number(struct list *l, const char *key, const char *label, uint64_t n)
{
	struct document_item *item = add(l, key, label);

	item->cell = cell_u64(n);
	item->words = label ? keep(l) : NULL;
}

static void where(struct list *l, const struct tape_facts *f)
{
	add_str(l, "host", "host", f->host);
	add_str(l, "os", "system", f->os);
	add_str(l, "kernel", "kernel", f->kernel);
	add_str(l, "arch", NULL, f->arch);
	add_str(l, "command_line", "recorded with", f->command_line);
	add_str(l, "filter", "recorded filter", f->filter);
}

static void when(struct list *l, const struct gathered *in, const struct tape_facts *f)
{
	struct document_item *item;

	if (!in->from_ns && !in->to_ns)
		return;
	item = add(l, "started", "from");
	item->cell = cell_time(in->from_ns);
	item = add(l, "ended", "to");
	item->cell = cell_time(in->to_ns);
	units_duration(&l->text, in->to_ns - in->from_ns);
	if (!f->is_synchronised)
		text_str(&l->text, " (the host's wall clock was not synchronised)");
	add_number(l, "duration_ns", "length", in->to_ns - in->from_ns);
}

static void recorded(struct list *l, const struct gathered *in, const struct tape_facts *f)
{
	units_count(&l->text, f->recorded);
	text_str(&l->text, " on the tape, ");
	units_count(&l->text, in->n_events);
	text_str(&l->text, " looked at");
	add_number(l, "events", "events", f->recorded);
	add_number(l, "events_used", NULL, in->n_events);
	if (f->lost)
		units_count(&l->text, f->lost);
	else
		text_str(&l->text, "none");
	add_number(l, "lost", "lost events", f->lost);
	if (f->undelivered) {
		units_count(&l->text, f->undelivered);
		text_str(&l->text, " were counted by the kernel and never delivered");
		add_number(l, "undelivered", "missing events", f->undelivered);
	}
	add_str(l, "damage", "damage", f->damage);
}

static void traffic(struct list *l, const struct gathered *in)
{
	const struct counters *s = &in->total;
	struct rate rate = counters_retrans_rate(s);

	units_count(&l->text, s->conns);
	text_str(&l->text, " (");
	units_count(&l->text, s->attempts);
	text_str(&l->text, " called by this host, ");
	units_count(&l->text, s->accepted);
	text_str(&l->text, " accepted)");
	add_number(l, "connection_count", "connections", s->conns);
	if (counters_bytes(s)) {
		units_size(&l->text, s->tx_bytes + s->io_tx);
		text_str(&l->text, " sent, ");
		units_size(&l->text, s->rx_bytes + s->io_rx);
		text_str(&l->text, " received");
		add_number(l, "bytes", "data", counters_bytes(s));
	}
	units_count(&l->text, counters_data_resent(s));
	if (s->retrans[TCP_CAUSE_TLP]) {
		text_str(&l->text, ", and ");
		plural_text(&l->text, s->retrans[TCP_CAUSE_TLP], "tail loss probe");
	}
	if (rate.basis) {
		text_str(&l->text, "; ");
		percent_text(&l->text, rate.ppm);
		text_str(&l->text, " of the bytes sent were repeats");
	}
	add_number(l, "retransmissions", "retransmissions", counters_data_resent(s));
}

/* In units of 0.0001; more than there is room for is the most there can be. */
static uint64_t fixed_of(double value)
{
	return value < 1e15 ? (uint64_t)(value * 1e4 + 0.5) : UINT64_MAX;
}

static void metrics(struct list *l, const struct findings *f)
{
	for (size_t i = 0; i < n_report_metrics; i++) {
		struct document_item *item;
		double value;

		if (!report_metrics[i].get(f, &value))
			continue;
		text_printf(&l->text, "metric_%s", report_metrics[i].name);
		item = add(l, keep(l), NULL);
		item->cell = cell_fixed(fixed_of(value));
		item->decimals = 4;
	}
}

int page_facts(struct page *p)
{
	struct list l = {.page = p};

	l.items = arena_alloc(&p->arena, FACTS_MAX * sizeof(*l.items));
	if (!l.items)
		return -ENOMEM;
	where(&l, p->findings.facts);
	when(&l, p->findings.in, p->findings.facts);
	recorded(&l, p->findings.in, p->findings.facts);
	traffic(&l, p->findings.in);
	metrics(&l, &p->findings);
	text_done(&l.text);
	p->document.facts = l.items;
	p->document.n_facts = l.n;
	return l.failed ? -ENOMEM : 0;
}

int page_chart(struct page *p)
{
	const struct timeline *t = &p->findings.in->timeline;
	struct document_series *series = arena_alloc(&p->arena, TIMELINE_N * sizeof(*series));
	struct document_chart *chart = arena_alloc(&p->arena, sizeof(*chart));

	if (!series || !chart)
		return -ENOMEM;
	if (!t->n)
		return 0;
	for (unsigned int s = 0; s < TIMELINE_N; s++) {
		uint64_t *values = arena_alloc(&p->arena, t->n * sizeof(*values));

		if (!values)
			return -ENOMEM;
		for (size_t i = 0; i < t->n; i++)
			values[i] = t->values[i][s];
		series[s] = (struct document_series){
			.key = timeline_series[s].key,
			.label = timeline_series[s].label,
			.is_gauge = timeline_series[s].is_gauge,
			.is_trouble = timeline_series[s].is_trouble,
			.values = values,
		};
	}
	*chart = (struct document_chart){
		.start_ns = timeline_start_ns(t),
		.bucket_ns = timeline_width_ns(t),
		.n_buckets = t->n,
		.series = series,
		.n_series = TIMELINE_N,
	};
	p->document.chart = chart;
	return 0;
}
