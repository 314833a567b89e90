// SPDX-License-Identifier: MIT
#include "html/parts.h"

/* Writes an attribute that holds a time on the chart, for the scripts. */
static void place_put(struct html_page *p, const struct document_chart *c, const char *name,
		      uint64_t ts_ns)
{
	text_str(p->out, name);
	text_i64(p->out, html_instant_from(&p->instants, c->start_ns, ts_ns));
	text_char(p->out, '"');
}

static void when_put(struct html_page *p, const struct document_finding *f)
{
	const struct document_chart *chart = p->document->chart;

	if (!f->since_ns && !f->until_ns)
		return;
	text_str(p->out, "<p class=\"when\"");
	if (html_has_chart(p->document)) {
		place_put(p, chart, " data-from=\"", f->since_ns);
		place_put(p, chart, " data-to=\"", f->until_ns);
	}
	text_char(p->out, '>');
	text_str(p->out, f->is_mostly ? "mostly " : "");
	html_when(p, f->since_ns, f->until_ns);
	text_str(p->out, "</p>\n");
}

static void sentence_put(struct html_page *p, const char *label, const char *text)
{
	if (!text)
		return;
	text_str(p->out, "<div><dt>");
	text_str(p->out, label);
	text_str(p->out, "</dt><dd>");
	html_cstr(p->out, text);
	text_str(p->out, "</dd></div>\n");
}

/* Writes the rule of the finding, how sure the finding is, and why it may be wrong. */
static void basis_put(struct html_page *p, const struct document_finding *f)
{
	if (!f->rule && !f->sure && !f->doubt)
		return;
	text_str(p->out, "<dl class=\"basis\">\n");
	sentence_put(p, "Rule", f->rule);
	sentence_put(p, "Confidence", f->sure);
	sentence_put(p, "Doubt", f->doubt);
	text_str(p->out, "</dl>\n");
}

static void finding_put(struct html_page *p, const struct document_finding *f, size_t number)
{
	const char *level = document_level_name(f->level);

	text_str(p->out, "<article class=\"finding ");
	text_str(p->out, level ? level : "");
	text_str(p->out, "\" aria-labelledby=\"finding-");
	text_u64(p->out, number);
	text_str(p->out, "\">\n<div class=\"heading\">");
	html_level(p, f->level);
	text_str(p->out, "<h3 id=\"finding-");
	text_u64(p->out, number);
	text_str(p->out, "\">");
	html_cstr(p->out, f->title);
	text_str(p->out, "</h3></div>\n");
	when_put(p, f);
	html_items(p, "evidence", f->evidence, f->n_evidence);
	if (f->meaning) {
		text_str(p->out, "<p class=\"meaning\">");
		html_cstr(p->out, f->meaning);
		text_str(p->out, "</p>\n");
	}
	basis_put(p, f);
	if (f->command) {
		text_str(p->out, "<p class=\"command\"><span>Shows more</span> <r>");
		html_cstr(p->out, f->command);
		text_str(p->out, "</r></p>\n");
	}
	text_str(p->out, "</article>\n");
}

bool html_has_findings(const struct document *d)
{
	for (size_t i = 0; !d->n_findings && i < d->n_tables; i++) {
		if (d->tables[i].tells)
			return false;
	}
	return true;
}

void html_findings(struct html_page *p)
{
	const struct document *d = p->document;

	if (!html_has_findings(d))
		return;
	text_str(p->out, "<section id=\"findings\" aria-labelledby=\"findings-head\">\n"
			 "<h2 id=\"findings-head\">Findings <span class=\"count\">");
	text_u64(p->out, d->n_findings);
	text_str(p->out, "</span></h2>\n");
	if (!d->n_findings)
		text_str(p->out, "<p class=\"none\">Nothing was found.</p>\n");
	for (size_t i = 0; i < d->n_findings; i++)
		finding_put(p, &d->findings[i], i);
	text_str(p->out, "</section>\n");
}
