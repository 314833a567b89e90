// SPDX-License-Identifier: MIT
#include "pages/diff-finding.h"

#include <string.h>

#include "base/units.h"
#include "detect/findings.h"

#define DIFF_EVIDENCE_MAX 7u

/* of_new: there is no count before but that of all. */
static void diff_put_evidence(struct diff_findings *w, struct document_finding *f,
			      enum change_metric m, const struct change_count *count,
			      const struct change *c, bool of_new)
{
	const char *const keys[2] = {of_new ? "all_before" : "before", "after"};
	const char *const labels[2] = {of_new ? "all before" : "before", "after"};
	const char *const rates[2] = {of_new ? "all_before_rate" : "before_rate", "after_rate"};
	struct document_item *items =
		document_builder_alloc(w->builder, DIFF_EVIDENCE_MAX * sizeof(*items));
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
					       .label = labels[side],
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

const char *diff_whom_words(struct diff_findings *w, enum change_metric m, enum group_by d,
			    const struct change_group *g)
{
	bool is_served = d == GROUP_BY_PORT && g->key.is_served;
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, is_served					      ? "at "
		     : m == CHANGE_SYNACKS || m == CHANGE_CONNECTIONS ? "with "
								      : "toward ");
	change_group_text(d, g, w->changes->labels, &t);
	return document_builder_text(w->builder, &t);
}

/* Adds a finding whose words are not made yet. NULL: there are enough, or no memory. */
static struct document_finding *diff_new(struct diff_findings *w, enum change_metric m,
					 const char *meaning, enum document_level level)
{
	struct document_finding *f;

	if (w->n == DIFF_FINDINGS_MAX)
		return NULL;
	f = &w->items[w->n++];
	*f = (struct document_finding){.id = change_metrics[m].key,
				       .level = level,
				       .title = "",
				       .meaning = meaning,
				       .rule = w->rule,
				       .sure = "certain"};
	return f;
}

void diff_put_change(struct diff_findings *w, enum change_metric m, const char *whom,
		     const struct change_count *count, const struct change *c)
{
	bool is_more = c->z > 0, is_bad = change_metrics[m].is_trouble;
	struct document_finding *f =
		diff_new(w, m,
			 !is_bad   ? "The traffic is another one, so compare shares, not numbers."
			 : is_more ? "It got worse."
				   : "It got better.",
			 !is_bad   ? DOCUMENT_NOTICE
			 : is_more ? DOCUMENT_WARNING
				   : DOCUMENT_GOOD);
	struct text t CLEANUP(text_done) = {0};

	if (!f)
		return;
	w->whom[w->n - 1] = whom;
	text_str(&t, is_more ? "More " : "Fewer ");
	text_str(&t, change_metrics[m].label);
	if (whom)
		text_printf(&t, " %s", whom);
	text_str(&t, ": ");
	change_rate_text(&t, c, 0);
	text_str(&t, " before, ");
	change_rate_text(&t, c, 1);
	text_str(&t, " after");
	f->title = document_builder_text(w->builder, &t);
	if (c->is_per_second && is_bad) {
		f->sure = "likely";
		f->doubt = "measured against time, as the traffic is not known on both tapes";
	}
	diff_put_evidence(w, f, m, count, c, false);
}

bool diff_add_timeouts(struct diff_findings *w, const char *whom, const struct change_count *count,
		       const struct change *c)
{
	static const char *const keys[2] = {"before_timeouts", "after_timeouts"};
	static const char *const labels[2] = {"timeouts before", "timeouts after"};
	enum document_level level = c->z > 0 ? DOCUMENT_WARNING : DOCUMENT_GOOD;

	for (size_t i = 0; i < w->n; i++) {
		struct document_finding *f = &w->items[i];
		const char *other = w->whom[i];
		struct document_item *items = (struct document_item *)f->evidence;

		if (f->id != change_metrics[CHANGE_RETRANS].key || f->level != level ||
		    (!other != !whom) || (whom && strcmp(other, whom) != 0))
			continue;
		for (unsigned int side = 0; items && side < 2 && f->n_evidence < DIFF_EVIDENCE_MAX;
		     side++)
			items[f->n_evidence++] =
				(struct document_item){.key = keys[side],
						       .label = labels[side],
						       .cell = cell_u64(count->sides[side].n)};
		return true;
	}
	return false;
}

void diff_put_new(struct diff_findings *w, enum change_metric m, const char *whom,
		  const struct change_count *count)
{
	const struct change c = change_against_all(w->changes, count, m);
	const struct change_count *all = &w->changes->total[m];
	struct document_finding *f =
		diff_new(w, m, "It was not on the first tape, so nothing says that it got worse.",
			 DOCUMENT_NOTICE);
	struct text t CLEANUP(text_done) = {0};

	if (!f)
		return;
	text_printf(&t, "New %s, and not on the first tape: %s ", whom, change_metrics[m].label);
	change_rate_text(&t, &c, 1);
	if (!c.is_per_second)
		text_printf(&t, " %s", change_metrics[m].per);
	text_str(&t, "; all before: ");
	change_rate_text(&t, &c, 0);
	f->title = document_builder_text(w->builder, &t);
	diff_put_evidence(w, f, m, &(struct change_count){{all->sides[0], count[m].sides[1]}}, &c,
			  true);
}
