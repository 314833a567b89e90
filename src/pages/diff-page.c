// SPDX-License-Identifier: MIT
#include "pages/diff-page.h"

#include <errno.h>

#include "base/units.h"
#include "detect/findings.h"

static const char *const side_names[2] = {"before", "after"};

void diff_page_done(struct diff_page *p)
{
	changes_done(&p->changes);
	document_builder_done(&p->builder);
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

static const char *first_title(const struct document *d, enum document_level level)
{
	for (size_t i = 0; i < d->n_findings; i++) {
		if (d->findings[i].level == level)
			return d->findings[i].title;
	}
	return "";
}

static void diff_put_verdict(struct diff_page *p)
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
		return;
	}
	if (worse)
		text_printf(&t, "%zu got worse", worse);
	if (better)
		text_printf(&t, "%s%zu got better", worse ? ", " : "", better);
	text_str(&t, ": ");
	text_str(&t, first_title(d, worse ? DOCUMENT_WARNING : DOCUMENT_GOOD));
	d->verdict = document_builder_text(&p->builder, &t);
}

/* "web.tape, host web1, 12 s, 40 connections, 3 events missing" */
static void tape_text(struct text *t, const struct gathered *in, const struct tape_facts *f)
{
	text_str(t, f->tape);
	text_str(t, ", ");
	text_str(t, f->host ? f->host : "unknown host");
	text_str(t, ", ");
	units_duration(t, in->to_ns - in->from_ns);
	text_str(t, ", ");
	plural_text(t, in->total.conns.n, "connection");
	if (tape_facts_missing(f)) {
		text_str(t, ", ");
		plural_text(t, tape_facts_missing(f), "event");
		text_str(t, " missing");
	}
}

static void diff_put_facts(struct diff_page *p, const struct gathered *const tapes[2],
			   const struct tape_facts *const facts[2])
{
	struct document_item *items = document_builder_alloc(&p->builder, 2 * sizeof(*items));
	struct text t CLEANUP(text_done) = {0};

	if (!items)
		return;
	for (unsigned int side = 0; side < 2; side++) {
		tape_text(&t, tapes[side], facts[side]);
		items[side] = (struct document_item){
			.key = side_names[side],
			.label = side_names[side],
			.cell = cell_str(document_builder_text(&p->builder, &t)),
		};
	}
	p->document.facts = items;
	p->document.n_facts = 2;
}

static void diff_put_notes(struct diff_page *p, const struct tape_facts *const facts[2])
{
	const char **notes = document_builder_alloc(
		&p->builder, (facts[0]->n_notes + facts[1]->n_notes + 1) * sizeof(*notes));
	struct text t CLEANUP(text_done) = {0};
	size_t n = 0;

	if (!notes)
		return;
	for (unsigned int side = 0; side < 2; side++) {
		for (size_t i = 0; i < facts[side]->n_notes; i++) {
			text_str(&t, side_names[side]);
			text_str(&t, ": ");
			text_str(&t, facts[side]->notes[i]);
			notes[n++] = document_builder_text(&p->builder, &t);
		}
	}
	p->document.notes = notes;
	p->document.n_notes = n;
}

int diff_page_make(struct diff_page *p, const struct gathered *const tapes[2],
		   const struct tape_facts *const facts[2], struct fault *fault)
{
	int r;

	*p = (struct diff_page){.document.title = "TCP before and after"};
	r = changes_make(&p->changes, tapes[0], tapes[1]);
	if (!r) {
		diff_page_findings(p);
		diff_put_verdict(p);
		diff_put_facts(p, tapes, facts);
		diff_put_notes(p, facts);
		diff_page_tables(p);
		r = p->builder.failed ? -ENOMEM : 0;
	}
	return r < 0 ? fault_errno(fault, r, "diff") : 0;
}
