// SPDX-License-Identifier: MIT
#include "pages/report-page.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "detect/detectors.h"
#include "pages/verdict-words.h"

void report_page_done(struct report_page *p)
{
	findings_done(&p->findings);
	document_builder_done(&p->builder);
}

static void page_put_title(struct report_page *p)
{
	const struct tape_facts *facts = p->findings.facts;
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "TCP report: ");
	text_str(&t, facts->host ? facts->host : "unknown host");
	p->document.title = document_builder_text(&p->builder, &t);
}

static uint64_t count_level(const struct findings *f, enum document_level level)
{
	uint64_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->items[i]->shown.level == level;
	return n;
}

/* "The network. 2 critical, 1 warning, 3 notices; the worst: ...", "1 notice: ..." */
static void page_put_verdict(struct report_page *p)
{
	const struct findings *f = &p->findings;
	struct text t CLEANUP(text_done) = {0};
	size_t lead;

	p->document.level = f->n ? f->items[0]->shown.level : DOCUMENT_GOOD;
	if (p->document.level == DOCUMENT_GOOD) {
		text_str(&t, f->n ? f->items[0]->shown.title : "Nothing was looked at");
		if (f->n > 1) {
			text_str(&t, "; ");
			plural_text(&t, f->n - 1, "notice");
		}
		p->document.verdict = document_builder_text(&p->builder, &t);
		return;
	}
	if (!p->verdict.is_good && !p->verdict.is_untold) {
		verdict_places_text(&p->verdict, &t);
		text_str(&t, ". ");
	}
	lead = t.len;
	for (int level = DOCUMENT_CRITICAL; level >= DOCUMENT_NOTICE; level--) {
		uint64_t n = count_level(f, (enum document_level)level);

		if (!n)
			continue;
		text_str(&t, t.len > lead ? ", " : "");
		if (level == DOCUMENT_CRITICAL && n == f->n)
			plural_text(&t, n, "critical finding");
		else if (level == DOCUMENT_CRITICAL)
			text_printf(&t, "%llu critical", (unsigned long long)n);
		else
			plural_text(&t, n, document_level_name((enum document_level)level));
	}
	text_str(&t, f->n == 1 ? ": " : "; the worst: ");
	text_str(&t, f->items[0]->shown.title);
	p->document.verdict = document_builder_text(&p->builder, &t);
}

static int page_put_findings(struct report_page *p)
{
	struct findings *f = &p->findings;
	struct document_finding *shown;
	int r = detectors_run(f);

	if (r < 0)
		return r;
	shown = document_builder_alloc(&p->builder, (f->n + 1) * sizeof(*shown));
	if (!shown)
		return -ENOMEM;
	for (size_t i = 0; i < f->n; i++)
		shown[i] = f->items[i]->shown;
	p->document.findings = shown;
	p->document.n_findings = f->n;
	return 0;
}

static void page_put_tables(struct report_page *p)
{
	struct document_table *tables =
		document_builder_alloc(&p->builder, REPORT_PAGE_TABLES * sizeof(*tables));

	if (!tables)
		return;
	for (unsigned int d = 0; d < GROUP_BY_N; d++) {
		/* Without names there are no groups by them. */
		if (d != GROUP_BY_LABEL || gathered_labels(p->findings.in))
			report_page_groups(p, d, &tables[p->document.n_tables++]);
	}
	report_page_connections(p, &tables[p->document.n_tables++]);
	p->document.tables = tables;
}

int report_page_make(struct report_page *p, const struct gathered *in,
		     const struct tape_facts *facts, struct fault *fault)
{
	int r;

	*p = (struct report_page){0};
	p->findings = (struct findings){.builder = &p->builder, .in = in, .facts = facts};
	r = page_put_findings(p);
	if (!r) {
		p->verdict = verdict_of(&p->findings);
		page_put_title(p);
		page_put_verdict(p);
		report_page_facts(p);
		report_page_chart(p);
		page_put_tables(p);
		report_page_caveats(p);
		r = p->builder.failed ? -ENOMEM : 0;
	}
	return r < 0 ? fault_errno(fault, r, "report") : 0;
}
