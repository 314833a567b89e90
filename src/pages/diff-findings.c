// SPDX-License-Identifier: MIT
/*
 * diff-findings: the findings of a diff: each metric that changed, for all connections and for the
 * peers and ports where it changed most.
 */
#include "pages/diff-page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "detect/findings.h"

#define FINDINGS_MAX 64u
#define NAMED_MAX    3u

/* The findings that are being written. */
struct diff_findings {
	struct document_builder *builder;
	const struct changes *changes;
	const char *rule;
	struct document_finding *items; /* room for FINDINGS_MAX */
	size_t n;
};

static void diff_put_evidence(struct diff_findings *w, struct document_finding *f,
			      enum change_metric m, const struct change_count *count,
			      const struct change *c)
{
	static const char *const keys[2] = {"before", "after"};
	static const char *const rates[2] = {"before_rate", "after_rate"};
	struct document_item *items = document_builder_alloc(w->builder, 5 * sizeof(*items));
	struct text t CLEANUP(text_done) = {0};

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
		items[1 + side] =
			(struct document_item){.key = keys[side],
					       .label = keys[side],
					       .cell = cell_u64(count->sides[side].n),
					       .words = document_builder_text(w->builder, &t)};
		items[3 + side] = (struct document_item){
			.key = rates[side],
			.cell = cell_fixed(
				(uint64_t)(c->rates[side] * (c->is_per_second ? 1e4 : 1e6) + 0.5)),
			.decimals = 4};
	}
	f->evidence = items;
	f->n_evidence = 5;
}

/* "More retransmissions toward 10.0.0.2: 0.10% before, 5.2% after". whom is NULL for all. */
static void diff_put_change(struct diff_findings *w, enum change_metric m, const char *whom,
			    const struct change_count *count, const struct change *c)
{
	bool is_more = c->z > 0, is_bad = change_metrics[m].is_trouble;
	struct text t CLEANUP(text_done) = {0};
	struct document_finding *f;

	if (w->n == FINDINGS_MAX)
		return;
	f = &w->items[w->n++];
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
		.title = document_builder_text(w->builder, &t),
		.meaning = !is_bad   ? "The traffic is another one, so compare shares, not numbers."
			   : is_more ? "It got worse."
				     : "It got better.",
		.rule = w->rule,
		.sure = c->is_per_second && is_bad ? "likely" : "certain",
		.doubt =
			c->is_per_second && is_bad
				? "measured against time, as the traffic is not known on both tapes"
				: NULL,
	};
	diff_put_evidence(w, f, m, count, c);
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
	return group_key_compare(&x->group->key, &y->group->key);
}

/* Adds findings for the NAMED_MAX groups in which the metric changed most. */
static void diff_put_groups(struct diff_findings *w, enum change_metric m, enum group_by d)
{
	const struct groups *groups = &w->changes->groups[d];
	struct ranked *ranked CLEANUP(free_p) = calloc(groups->n + 1, sizeof(*ranked));
	struct group_walk walk = {0};
	const struct change_group *g;
	size_t n = 0;

	w->builder->failed |= !ranked;
	while (ranked && (g = groups_next(groups, &walk))) {
		struct change c = change_of(w->changes, g->counts, m);

		if (c.is_significant)
			ranked[n++] = (struct ranked){g, c};
	}
	if (ranked)
		qsort(ranked, n, sizeof(*ranked), by_z);
	for (size_t i = 0; i < n && i < NAMED_MAX; i++) {
		struct text t CLEANUP(text_done) = {0};

		group_key_text(d, &ranked[i].group->key, &t);
		diff_put_change(w, m, document_builder_text(w->builder, &t),
				&ranked[i].group->counts[m], &ranked[i].change);
	}
}

static int by_level(const void *a, const void *b)
{
	const struct document_finding *x = a, *y = b;

	if (x->level != y->level)
		return (int)y->level - (int)x->level;
	return strcmp(x->title, y->title);
}

void diff_page_findings(struct diff_page *p)
{
	struct diff_findings w = {.builder = &p->builder, .changes = &p->changes};
	struct text t CLEANUP(text_done) = {0};

	changes_rule(&t);
	w.rule = document_builder_text(w.builder, &t);
	w.items = document_builder_alloc(w.builder, FINDINGS_MAX * sizeof(*w.items));
	if (!w.items)
		return;
	for (unsigned int m = 0; m < CHANGE_METRICS; m++) {
		struct change c = change_of(&p->changes, p->changes.total, m);

		if (c.is_significant)
			diff_put_change(&w, m, NULL, &p->changes.total[m], &c);
		if (change_metrics[m].is_trouble) {
			diff_put_groups(&w, m, GROUP_BY_PEER);
			diff_put_groups(&w, m, GROUP_BY_PORT);
		}
	}
	qsort(w.items, w.n, sizeof(*w.items), by_level);
	p->document.findings = w.items;
	p->document.n_findings = w.n;
}
