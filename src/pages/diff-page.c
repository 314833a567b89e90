// SPDX-License-Identifier: MIT
#include "pages/diff-page.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "detect/findings.h"

#define FINDINGS_MAX 64u
#define NAMED_MAX    3u

static const char rule[] =
	"10 events or more in both together, twice as many or half as many against the traffic "
	"(against time where that is not known), and three standard deviations apart (square roots "
	"of "
	"the counts: Gu et al. 2008), these taken twice as wide because losses come in bursts";

void diff_page_done(struct change_page *p)
{
	changes_done(&p->changes);
	arena_done(&p->arena);
}

void change_rate_text(struct text *t, const struct change *c, unsigned int side)
{
	double rate = c->rates[side];

	if (!c->is_per_second)
		percent_text(t, rate < 1 ? (uint64_t)(rate * 1e6 + 0.5) : 1000000);
	else if (rate < 10)
		text_printf(t, "%.2f/s", rate);
	else
		text_printf(t, "%.0f/s", rate);
}

struct writer {
	struct change_page *page;
	struct document_finding *findings;
	size_t n;
	bool failed;
};

static const char *keep(struct writer *w, struct text *t)
{
	char *s = t->failed ? NULL : arena_str(&w->page->arena, text_cstr(t));

	text_clear(t);
	w->failed |= !s;
	return s;
}

static void put_evidence(struct writer *w, struct document_finding *f, enum change_metric m,
			 const struct change_count *count, const struct change *c)
{
	static const char *const keys[2] = {"before", "after"};
	static const char *const rates[2] = {"before_rate", "after_rate"};
	struct document_item *items = arena_alloc(&w->page->arena, 5 * sizeof(*items));
	struct text t CLEANUP(text_done) = {0};

	w->failed |= !items;
	if (!items)
		return;
	items[0] = (struct document_item){.key = "metric", .cell = cell_str(change_metrics[m].key)};
	for (unsigned int side = 0; side < 2; side++) {
		units_count(&t, count->sides[side].n);
		text_str(&t, ", ");
		change_rate_text(&t, c, side);
		if (!c->is_per_second) {
			text_char(&t, ' ');
			text_str(&t, change_metrics[m].per);
		}
		items[1 + side] = (struct document_item){.key = keys[side],
							 .label = keys[side],
							 .cell = cell_u64(count->sides[side].n),
							 .words = keep(w, &t)};
		items[3 + side] = (struct document_item){
			.key = rates[side],
			.cell = cell_fixed(
				(uint64_t)(c->rates[side] * (c->is_per_second ? 1e4 : 1e6) + 0.5)),
			.decimals = 4};
	}
	f->evidence = items;
	f->n_evidence = 5;
}

/* "retransmissions to 10.0.0.2: 0.10% before, 5.2% after". whom: NULL for all. */
static void put_change(struct writer *w, enum change_metric m, const char *whom,
		       const struct change_count *count, const struct change *c)
{
	bool is_more = c->z > 0, is_bad = change_metrics[m].is_trouble;
	struct text t CLEANUP(text_done) = {0};
	struct document_finding *f;

	if (w->n == FINDINGS_MAX)
		return;
	f = &w->findings[w->n++];
	text_str(&t, is_more ? "More " : "Fewer ");
	text_str(&t, change_metrics[m].label);
	if (whom) {
		text_str(&t,
			 m == CHANGE_SYNACKS || m == CHANGE_CONNECTIONS ? " with " : " toward ");
		text_str(&t, whom);
	}
	text_str(&t, ": ");
	change_rate_text(&t, c, 0);
	text_str(&t, " before, ");
	change_rate_text(&t, c, 1);
	text_str(&t, " after");
	*f = (struct document_finding){
		.id = change_metrics[m].key,
		.level = !is_bad   ? DOCUMENT_NOTICE
			 : is_more ? DOCUMENT_WARNING
				   : DOCUMENT_GOOD,
		.title = keep(w, &t),
		.meaning = !is_bad   ? "The traffic is another one, so compare shares, not numbers."
			   : is_more ? "It got worse."
				     : "It got better.",
		.rule = rule,
		.sure = c->is_per_second && is_bad ? "likely" : "certain",
		.doubt =
			c->is_per_second && is_bad
				? "measured against time, as the traffic is not known on both tapes"
				: NULL,
	};
	put_evidence(w, f, m, count, c);
}

struct ranked {
	const struct change_group *group;
	struct change change;
};

static int by_z(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	double n = fabs(x->change.z), m = fabs(y->change.z);

	if (n != m)
		return n < m ? 1 : -1;
	return memcmp(&x->group->key, &y->group->key, sizeof(x->group->key));
}

/* Those of a dimension that changed, the most first. The others hide in the sum of all. */
static void put_groups(struct writer *w, enum change_metric m, enum group_by d)
{
	const struct groups *groups = &w->page->changes.groups[d];
	struct ranked *ranked CLEANUP(free_p) = calloc(groups->n + 1, sizeof(*ranked));
	struct group_walk walk = {0};
	const struct change_group *g;
	size_t n = 0;

	w->failed |= !ranked;
	while (ranked && (g = groups_next(groups, &walk))) {
		struct change c = change_of(&w->page->changes, g->counts, m);

		if (c.is_significant)
			ranked[n++] = (struct ranked){g, c};
	}
	if (ranked)
		qsort(ranked, n, sizeof(*ranked), by_z);
	for (size_t i = 0; i < n && i < NAMED_MAX; i++) {
		struct text t CLEANUP(text_done) = {0};

		group_key_text(d, &ranked[i].group->key, &t);
		put_change(w, m, keep(w, &t), &ranked[i].group->counts[m], &ranked[i].change);
	}
}

static int by_level(const void *a, const void *b)
{
	const struct document_finding *x = a, *y = b;

	if (x->level != y->level)
		return (int)y->level - (int)x->level;
	return strcmp(x->title, y->title);
}

static int put_findings(struct change_page *p)
{
	struct writer w = {.page = p};

	w.findings = arena_alloc(&p->arena, FINDINGS_MAX * sizeof(*w.findings));
	if (!w.findings)
		return -ENOMEM;
	for (unsigned int m = 0; m < CHANGE_METRICS; m++) {
		struct change c = change_of(&p->changes, p->changes.total, m);

		if (c.is_significant)
			put_change(&w, m, NULL, &p->changes.total[m], &c);
		if (change_metrics[m].is_trouble) {
			put_groups(&w, m, GROUP_BY_PEER);
			put_groups(&w, m, GROUP_BY_PORT);
		}
	}
	if (w.failed)
		return -ENOMEM;
	qsort(w.findings, w.n, sizeof(*w.findings), by_level);
	p->document.findings = w.findings;
	p->document.n_findings = w.n;
	return 0;
}

static const char *first_of(const struct document *d, enum document_level level)
{
	for (size_t i = 0; i < d->n_findings; i++) {
		if (d->findings[i].level == level)
			return d->findings[i].title;
	}
	return "";
}

static int put_verdict(struct change_page *p)
{
	struct document *d = &p->document;
	struct text t CLEANUP(text_done) = {0};
	size_t worse = 0, better = 0;

	for (size_t i = 0; i < d->n_findings; i++) {
		worse += d->findings[i].level == DOCUMENT_WARNING;
		better += d->findings[i].level == DOCUMENT_GOOD;
	}
	d->level = worse ? DOCUMENT_WARNING : DOCUMENT_GOOD;
	if (!worse && !better) {
		d->verdict = "Nothing changed for better or worse that is too large to be chance";
		return 0;
	}
	if (worse)
		text_printf(&t, "%zu got worse", worse);
	if (better)
		text_printf(&t, "%s%zu got better", worse ? ", " : "", better);
	text_str(&t, ": ");
	text_str(&t, first_of(d, worse ? DOCUMENT_WARNING : DOCUMENT_GOOD));
	d->verdict = t.failed ? NULL : arena_str(&p->arena, text_cstr(&t));
	return d->verdict ? 0 : -ENOMEM;
}

static void describe(struct text *t, const struct gathered *in, const struct tape_facts *f)
{
	text_str(t, f->tape);
	text_str(t, ", ");
	text_str(t, f->host ? f->host : "unknown host");
	text_str(t, ", ");
	units_duration(t, in->to_ns - in->from_ns);
	text_str(t, ", ");
	plural_text(t, in->total.conns, "connection");
	if (tape_facts_missing(f)) {
		text_str(t, ", ");
		plural_text(t, tape_facts_missing(f), "event");
		text_str(t, " missing");
	}
}

static int put_facts(struct change_page *p, const struct gathered *const incidents[2],
		     const struct tape_facts *const facts[2])
{
	static const char *const labels[2] = {"before", "after"};
	struct document_item *items = arena_alloc(&p->arena, 2 * sizeof(*items));
	struct text t CLEANUP(text_done) = {0};

	if (!items)
		return -ENOMEM;
	for (unsigned int side = 0; side < 2; side++) {
		char *s;

		text_clear(&t);
		describe(&t, incidents[side], facts[side]);
		s = t.failed ? NULL : arena_str(&p->arena, text_cstr(&t));
		if (!s)
			return -ENOMEM;
		items[side] = (struct document_item){
			.key = labels[side], .label = labels[side], .cell = cell_str(s)};
	}
	p->document.facts = items;
	p->document.n_facts = 2;
	return 0;
}

static int put_notes(struct change_page *p, const struct tape_facts *const facts[2])
{
	const char **notes = arena_alloc(&p->arena, (facts[0]->n_notes + facts[1]->n_notes + 1) *
							    sizeof(*notes));
	size_t n = 0;

	if (!notes)
		return -ENOMEM;
	for (unsigned int side = 0; side < 2; side++) {
		for (size_t i = 0; i < facts[side]->n_notes; i++) {
			struct text t CLEANUP(text_done) = {0};

			text_str(&t, side ? "after: " : "before: ");
			text_str(&t, facts[side]->notes[i]);
			notes[n] = t.failed ? NULL : arena_str(&p->arena, text_cstr(&t));
			if (!notes[n++])
				return -ENOMEM;
		}
	}
	p->document.notes = notes;
	p->document.n_notes = n;
	return 0;
}

int diff_page_make(struct change_page *p, const struct gathered *const incidents[2],
		   const struct tape_facts *const facts[2], struct fault *fault)
{
	struct document_table *tables;
	int r;

	*p = (struct change_page){0};
	r = changes_make(&p->changes, incidents[0], incidents[1]);
	p->document.title = "TCP before and after";
	tables = arena_alloc(&p->arena, CHANGE_PAGE_TABLES * sizeof(*tables));
	if (!r && !tables)
		r = -ENOMEM;
	if (!r)
		r = put_findings(p);
	if (!r)
		r = put_verdict(p);
	if (!r)
		r = put_facts(p, incidents, facts);
	if (!r)
		r = put_notes(p, facts);
	if (!r)
		r = diff_page_tables(p, tables);
	p->document.tables = tables;
	p->document.n_tables = CHANGE_PAGE_TABLES;
	return r < 0 ? fault_errno(fault, r, "diff") : 0;
}
