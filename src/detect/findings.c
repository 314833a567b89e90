// SPDX-License-Identifier: MIT
#include "detect/findings.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "base/vec.h"
#include "detect/detector.h"

void findings_done(struct findings *f)
{
	free(f->items);
	f->items = NULL;
}

struct finding *finding_new(struct findings *f, const struct detector *d, enum document_level level,
			    uint64_t weight)
{
	struct finding *x = document_builder_alloc(f->builder, sizeof(*x));
	bool is_kept = x && !vec_reserve(f->items, f->cap, f->n + 1);
	struct text rule CLEANUP(text_done) = {0};

	if (!is_kept) {
		f->builder->failed = true;
		x = &f->spare;
	}
	d->rule(&rule);
	x->shown = (struct document_finding){
		.id = d->id,
		.level = level,
		.title = "",
		.rule = document_builder_text(f->builder, &rule),
		.sure = "certain",
	};
	x->place = d->place;
	x->weight = weight;
	if (is_kept)
		f->items[f->n++] = x;
	return x;
}

void finding_title(struct findings *f, struct finding *x, struct text *t)
{
	x->shown.title = document_builder_text(f->builder, t);
}

/* True if the options include this one, whose name ends at a blank. */
static bool has_option(const char *options, const char *option)
{
	size_t n = strcspn(option, " ");

	for (const char *at = options; (at = strstr(at, "--")); at += 2) {
		if (!strncmp(at, option, n) && (at[n] == ' ' || !at[n]))
			return true;
	}
	return false;
}

void finding_command(struct findings *f, struct finding *x, const char *view, const char *options)
{
	const struct tape_facts *facts = f->facts;
	struct text t CLEANUP(text_done) = {0};

	text_printf(&t, "tcptape %s%s%s", view, options[0] ? " " : "", options);
	for (size_t i = 0; i < facts->n_options && strcmp(view, "info"); i++) {
		if (!has_option(options, facts->options[i]))
			text_printf(&t, " %s", facts->options[i]);
	}
	text_printf(&t, " %s", facts->tape);
	x->shown.command = document_builder_text(f->builder, &t);
}

void finding_span(struct finding *x, uint64_t since_ns, uint64_t until_ns)
{
	x->shown.since_ns = since_ns;
	x->shown.until_ns = until_ns;
}

void finding_time_spread(struct finding *x, const struct time_spread *s)
{
	if (!s)
		return;
	time_spread_core(s, &x->shown.since_ns, &x->shown.until_ns);
	x->shown.is_mostly = x->shown.since_ns > s->first_ns || x->shown.until_ns < s->last_ns;
}

void finding_by_events(struct findings *f, struct finding *x)
{
	if (tape_facts_missing(f->facts) && !x->shown.doubt)
		finding_doubt(x, x->shown.sure,
			      "but events are missing on this tape, so counts are lower bounds");
}

static struct document_item *evidence_add(struct finding *x, const char *key, const char *label)
{
	struct document_item *item;

	assert(x->shown.n_evidence < FINDING_EVIDENCE_MAX);
	item = &x->evidence[x->shown.n_evidence++];
	*item = (struct document_item){.key = key, .label = label};
	return item;
}

void finding_count(struct findings *f, struct finding *x, const char *key, const char *label,
		   uint64_t n)
{
	struct text t CLEANUP(text_done) = {0};
	struct document_item *item = evidence_add(x, key, label);

	units_count(&t, n);
	item->cell = cell_u64(n);
	item->words = document_builder_text(f->builder, &t);
}

void finding_some(struct findings *f, struct finding *x, const char *key, const char *label,
		  uint64_t n)
{
	if (n)
		finding_count(f, x, key, label, n);
}

/* The number for machines is percent, too: it has four decimals, so that a millionth is 0.0001. */
void finding_percent(struct findings *f, struct finding *x, const char *key, const char *label,
		     uint64_t ppm)
{
	struct text t CLEANUP(text_done) = {0};
	struct document_item *item = evidence_add(x, key, label);

	percent_text(&t, ppm);
	item->cell = cell_fixed(ppm);
	item->decimals = 4;
	item->words = document_builder_text(f->builder, &t);
}

void finding_size(struct findings *f, struct finding *x, const char *key, const char *label,
		  uint64_t bytes)
{
	struct text t CLEANUP(text_done) = {0};
	struct document_item *item = evidence_add(x, key, label);

	units_size(&t, bytes);
	item->cell = cell_u64(bytes);
	item->words = document_builder_text(f->builder, &t);
}

void finding_duration(struct findings *f, struct finding *x, const char *key, const char *label,
		      uint64_t ns)
{
	struct text t CLEANUP(text_done) = {0};
	struct document_item *item = evidence_add(x, key, label);

	units_duration(&t, ns);
	item->cell = cell_u64(ns);
	item->words = document_builder_text(f->builder, &t);
}

void finding_words(struct findings *f, struct finding *x, const char *key, const char *label,
		   const char *words)
{
	struct document_item *item = evidence_add(x, key, label);

	item->cell = cell_str(document_builder_string(f->builder, words));
}

/* Adds words that are plain for machines, and have the user's names for people. */
static void finding_named(struct findings *f, struct finding *x, const char *key, const char *label,
			  struct text *plain, struct text *named)
{
	struct document_item *item = evidence_add(x, key, label);
	bool is_same = plain->len == named->len;

	item->cell = cell_str(document_builder_text(f->builder, plain));
	item->words = is_same ? NULL : document_builder_text(f->builder, named);
}

void finding_addr(struct findings *f, struct finding *x, const char *key, const char *label,
		  const struct ip_addr *a)
{
	struct text plain CLEANUP(text_done) = {0}, named CLEANUP(text_done) = {0};

	ip_addr_text(&plain, a);
	labels_addr_text(gathered_labels(f->in), a, &named);
	finding_named(f, x, key, label, &plain, &named);
}

void finding_endpoint(struct findings *f, struct finding *x, const char *key, const char *label,
		      const struct endpoint *e)
{
	struct text plain CLEANUP(text_done) = {0}, named CLEANUP(text_done) = {0};

	endpoint_text(&plain, e);
	labels_endpoint_text(gathered_labels(f->in), e, &named);
	finding_named(f, x, key, label, &plain, &named);
}

void finding_group(struct findings *f, struct finding *x, enum group_by d,
		   const struct group_key *key)
{
	struct text plain CLEANUP(text_done) = {0}, named CLEANUP(text_done) = {0};

	group_key_text(d, key, NULL, &plain);
	group_key_text(d, key, gathered_labels(f->in), &named);
	finding_named(f, x, group_by_name(d), group_by_name(d), &plain, &named);
}

/* Writes how many events there were and how many segments they were, where the kernel counts more
 * of them (segmentation offload): "30 events, 546 segments: ". */
static void events_text(const struct counters *s, struct text *t)
{
	uint64_t events = 0;

	for (unsigned int i = 0; i < TCP_CAUSE_N; i++)
		events += i == TCP_CAUSE_SYN || i == TCP_CAUSE_SYNACK ? 0 : s->events.retrans[i];
	if (!events || s->tcp_info.retrans_segs <= events)
		return;
	plural_text(t, events, "event");
	text_str(t, ", ");
	plural_text(t, s->tcp_info.retrans_segs, "segment");
	text_str(t, ": ");
}

void finding_causes(struct findings *f, struct finding *x, const struct counters *s)
{
	struct text t CLEANUP(text_done) = {0};
	unsigned int n = 0;

	events_text(s, &t);
	for (unsigned int i = 0; i < TCP_CAUSE_N; i++) {
		if (!s->events.retrans[i] || !tcp_cause_name(i))
			continue;
		text_str(&t, n++ ? ", " : "");
		units_count(&t, s->events.retrans[i]);
		text_printf(&t, " %s", tcp_cause_name(i));
	}
	if (n)
		finding_words(f, x, "causes", "causes", text_cstr(&t));
}

void percent_text(struct text *t, uint64_t ppm)
{
	/* Three digits are enough: 12.3%, 1.23%, 0.12%. */
	if (ppm && ppm < 100)
		text_str(t, "<0.01%");
	else if (ppm < 10000)
		text_printf(t, "%.2f%%", (double)ppm / 1e4);
	else
		text_printf(t, "%.1f%%", (double)ppm / 1e4);
}

void plural_text(struct text *t, uint64_t n, const char *what)
{
	units_count(t, n);
	text_printf(t, " %s%s", what, n == 1 ? "" : "s");
}
