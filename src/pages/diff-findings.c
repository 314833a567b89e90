// SPDX-License-Identifier: MIT
/*
 * diff-findings: the findings of a diff: each metric that changed, once. If one port, destination
 * or peer explains the change of all, it is named; if none does, the change is told of all; and
 * groups that changed though all together did not are told each.
 */
#include "pages/diff-finding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NAMED_MAX 3u
/* A group explains the change of all if it has so many percent of it. */
#define EXPLAINS_PERCENT 80u
/* A group of another kind in which no more than so many times as much changed tells the same. */
#define SAME_TIMES 1.25
/* A port has both ends on this host if so many percent of its RSTs have. */
#define TWINS_PERCENT 90u

/* A group whose change stands out. */
struct ranked {
	enum group_by by;
	const struct change_group *group;
	struct change change;
	double excess; /* events more than without a change; negative: less */
	bool is_told;
};

static int by_z(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	double n = fabs(x->change.z), m = fabs(y->change.z);

	if (n != m)
		return n < m ? 1 : -1;
	/* A destination before its port and its peer. */
	if (x->by != y->by)
		return (int)y->by - (int)x->by;
	if (x->group->key.is_served != y->group->key.is_served)
		return (int)y->group->key.is_served - (int)x->group->key.is_served;
	return group_key_compare(&x->group->key, &y->group->key);
}

/* The groups that a change is told of. */
static const enum group_by told_groups[] = {GROUP_BY_PORT, GROUP_BY_DESTINATION, GROUP_BY_PEER};

static bool ranked_of(const struct changes *changes, enum group_by d, const struct change_group *g,
		      enum change_metric m, struct ranked *ret)
{
	bool is_new = !g->is_on[0];
	struct change c =
		is_new ? change_against_all(changes, g->counts, m) : change_of_group(changes, g, m);

	/* What is new cannot have got better. */
	if (!c.is_significant || (is_new && c.z < 0))
		return false;
	*ret = (struct ranked){d, g, c, change_excess(changes, g->counts, m, is_new), false};
	return true;
}

/* True if x and y are the two ends of the same RSTs: both ends of the port are on this host. */
static bool are_twins(const struct ranked *x, const struct ranked *y, enum change_metric m)
{
	const struct change_side *s = y->group->counts[m].sides;

	return m == CHANGE_RESETS && x->by == GROUP_BY_PORT && y->by == GROUP_BY_PORT &&
	       x->group->key.port == y->group->key.port &&
	       x->group->key.is_served != y->group->key.is_served &&
	       y->group->twin_resets * 100 >= (s[0].n + s[1].n) * TWINS_PERCENT;
}

/* True if what y tells may be what x has told: another kind of group, in which as much changed. */
static bool may_be_same(const struct ranked *x, const struct ranked *y, enum change_metric m)
{
	if ((x->excess > 0) != (y->excess > 0))
		return false;
	return are_twins(x, y, m) ||
	       (x->by != y->by && fabs(y->excess) <= SAME_TIMES * fabs(x->excess));
}

/* Collects the groups that stand out, the most certain first. Returns their number. */
static size_t diff_collect(struct diff_findings *w, enum change_metric m, struct ranked *ranked,
			   size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(told_groups); i++) {
		struct group_walk walk = {0};
		const struct change_group *g;

		while ((g = groups_next(&w->changes->groups[told_groups[i]], &walk))) {
			if (n < max && ranked_of(w->changes, told_groups[i], g, m, &ranked[n]))
				n++;
		}
	}
	qsort(ranked, n, sizeof(*ranked), by_z);
	return n;
}

/* The events that the change of a group stands for among all: where both ends are on this host, all
 * have those of the other end, too. */
static double excess_of_both_ends(const struct ranked *r, const struct ranked *ranked, size_t n,
				  enum change_metric m)
{
	double excess = r->excess;

	for (size_t i = 0; i < n; i++) {
		if (are_twins(r, &ranked[i], m))
			excess += ranked[i].excess;
	}
	return excess;
}

/* The group that explains the change of all: it has most of it, with the least traffic. */
static const struct ranked *diff_explain(struct diff_findings *w, enum change_metric m,
					 const struct ranked *ranked, size_t n)
{
	double all = change_excess(w->changes, w->changes->total, m, false);
	const struct ranked *best = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct ranked *r = &ranked[i];
		double traffic = r->group->counts[m].sides[1].exposure;

		if ((r->excess > 0) != (all > 0) ||
		    fabs(excess_of_both_ends(r, ranked, n, m)) * 100 < fabs(all) * EXPLAINS_PERCENT)
			continue;
		if (!best || traffic < best->group->counts[m].sides[1].exposure)
			best = r;
	}
	return best;
}

static void diff_put_group(struct diff_findings *w, enum change_metric m, const struct ranked *r)
{
	const char *whom = diff_whom_words(w, m, r->by, r->group);

	if (!r->group->is_on[0])
		diff_put_new(w, m, whom, r->group->counts);
	else if (m != CHANGE_TIMEOUTS ||
		 !diff_add_timeouts(w, whom, &r->group->counts[m], &r->change))
		diff_put_change(w, m, whom, &r->group->counts[m], &r->change);
}

/* Tells of the change of all, under the name of the group that explains it, if one does. */
static void diff_put_total(struct diff_findings *w, enum change_metric m, const struct change *c,
			   const struct ranked *ranked, size_t n)
{
	const struct ranked *best = diff_explain(w, m, ranked, n);

	if (best && best->group->is_on[0]) {
		diff_put_group(w, m, best);
		return;
	}
	if (m != CHANGE_TIMEOUTS || !diff_add_timeouts(w, NULL, &w->changes->total[m], c))
		diff_put_change(w, m, NULL, &w->changes->total[m], c);
	if (best)
		diff_put_group(w, m, best);
}

/* Tells of groups in which the metric changed, each thing once. sign: groups that changed this way
 * have been told of as part of all; 0: none. */
static void diff_put_groups(struct diff_findings *w, enum change_metric m, struct ranked *ranked,
			    size_t n, int sign)
{
	size_t told = 0;

	for (size_t i = 0; i < n && told < NAMED_MAX; i++) {
		bool is_told = (ranked[i].change.z > 0 ? 1 : -1) == sign;

		for (size_t k = 0; k < i && !is_told; k++)
			is_told = ranked[k].is_told && may_be_same(&ranked[k], &ranked[i], m);
		if (is_told)
			continue;
		ranked[i].is_told = true;
		diff_put_group(w, m, &ranked[i]);
		told++;
	}
}

static void diff_put_metric(struct diff_findings *w, enum change_metric m)
{
	struct change c = change_of(w->changes, w->changes->total, m);
	struct ranked *ranked CLEANUP(free_p) = NULL;
	size_t max = 1, n;

	for (size_t i = 0; i < ARRAY_SIZE(told_groups); i++)
		max += w->changes->groups[told_groups[i]].n;
	ranked = calloc(max, sizeof(*ranked));
	w->builder->failed |= !ranked;
	if (!ranked)
		return;
	n = change_metrics[m].is_trouble ? diff_collect(w, m, ranked, max) : 0;
	if (c.is_significant)
		diff_put_total(w, m, &c, ranked, n);
	diff_put_groups(w, m, ranked, n, !c.is_significant ? 0 : c.z > 0 ? 1 : -1);
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
	w.items = document_builder_alloc(w.builder, DIFF_FINDINGS_MAX * sizeof(*w.items));
	if (!w.items)
		return;
	for (unsigned int m = 0; m < CHANGE_METRICS; m++)
		diff_put_metric(&w, m);
	qsort(w.items, w.n, sizeof(*w.items), by_level);
	p->document.findings = w.items;
	p->document.n_findings = w.n;
}
