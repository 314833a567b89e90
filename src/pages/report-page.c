// SPDX-License-Identifier: MIT
#include "pages/report-page.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"

void page_done(struct page *p)
{
	findings_done(&p->findings);
	arena_done(&p->arena);
}

static const char *keep(struct page *p, struct text *t)
{
	char *s = t->failed ? NULL : arena_str(&p->arena, text_cstr(t));

	text_clear(t);
	return s;
}

static int put_title(struct page *p)
{
	const struct tape_facts *facts = p->findings.facts;
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "TCP report: ");
	text_str(&t, facts->host ? facts->host : "unknown host");
	p->document.title = keep(p, &t);
	return p->document.title ? 0 : -ENOMEM;
}

static uint64_t count_level(const struct findings *f, enum document_level level)
{
	uint64_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->items[i]->shown.level == level;
	return n;
}

/* "2 critical, 1 warning, 3 notices; the worst: ...", "1 notice: ..." */
static int put_verdict(struct page *p)
{
	const struct findings *f = &p->findings;
	struct text t CLEANUP(text_done) = {0};

	p->document.level = f->n ? f->items[0]->shown.level : DOCUMENT_GOOD;
	if (p->document.level == DOCUMENT_GOOD) {
		p->document.verdict = f->n ? f->items[0]->shown.title : "Nothing was looked at";
		return 0;
	}
	for (int level = DOCUMENT_CRITICAL; level >= DOCUMENT_NOTICE; level--) {
		uint64_t n = count_level(f, (enum document_level)level);

		if (!n)
			continue;
		text_str(&t, t.len ? ", " : "");
		if (level == DOCUMENT_CRITICAL && n == f->n)
			plural_text(&t, n, "critical finding");
		else if (level == DOCUMENT_CRITICAL)
			text_printf(&t, "%llu critical", (unsigned long long)n);
		else
			plural_text(&t, n, document_level_name((enum document_level)level));
	}
	text_str(&t, f->n == 1 ? ": " : "; the worst: ");
	text_str(&t, f->items[0]->shown.title);
	p->document.verdict = keep(p, &t);
	return p->document.verdict ? 0 : -ENOMEM;
}

static int put_findings(struct page *p)
{
	struct findings *f = &p->findings;
	struct document_finding *shown;
	int r = findings_make(f);

	if (r < 0)
		return r;
	shown = arena_alloc(&p->arena, (f->n + 1) * sizeof(*shown));
	if (!shown)
		return -ENOMEM;
	for (size_t i = 0; i < f->n; i++)
		shown[i] = f->items[i]->shown;
	p->document.findings = shown;
	p->document.n_findings = f->n;
	return 0;
}

static int put_tables(struct page *p)
{
	struct document_table *tables = arena_alloc(&p->arena, PAGE_TABLES * sizeof(*tables));
	int r = tables ? 0 : -ENOMEM;

	for (unsigned int d = 0; !r && d < GROUP_BY_N; d++)
		r = page_groups(p, d, &tables[d]);
	if (!r)
		r = page_connections(p, &tables[GROUP_BY_N]);
	p->document.tables = tables;
	p->document.n_tables = PAGE_TABLES;
	return r;
}

int page_make(struct page *p, const struct gathered *in, const struct tape_facts *facts,
	      struct fault *fault)
{
	int r;

	*p = (struct page){0};
	p->findings = (struct findings){.arena = &p->arena, .in = in, .facts = facts};
	r = put_findings(p);
	if (!r)
		r = put_title(p);
	if (!r)
		r = put_verdict(p);
	if (!r)
		r = page_facts(p);
	if (!r)
		r = page_chart(p);
	if (!r)
		r = page_notes(p);
	if (!r)
		r = put_tables(p);
	return r < 0 ? fault_errno(fault, r, "report") : 0;
}
