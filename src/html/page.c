// SPDX-License-Identifier: MIT
/*
 * page: writes a document as one HTML file, with its styles, scripts and data in it. The page
 * fetches nothing from any network: its content security policy forbids that, and lets only the
 * scripts run that the build put in.
 */
#include <errno.h>

#include "html/assets.h"
#include "html/parts.h"

static void asset_put(struct text *t, const char *element, const struct html_asset *a)
{
	text_char(t, '<');
	text_str(t, element);
	text_char(t, '>');
	text_mem(t, a->text, a->len);
	text_str(t, "</");
	text_str(t, element);
	text_str(t, ">\n");
}

static void policy_put(struct text *t)
{
	text_str(t, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		    "base-uri 'none'; form-action 'none'; img-src data:; trusted-types 'none'; "
		    "require-trusted-types-for 'script'; script-src '");
	text_str(t, html_chart_js.hash);
	text_str(t, "' '");
	text_str(t, html_page_js.hash);
	text_str(t, "'; style-src '");
	text_str(t, html_chart_css.hash);
	text_str(t, "' '");
	text_str(t, html_page_css.hash);
	text_str(t, "'\">\n");
}

static void head_put(struct html_page *p)
{
	text_str(p->out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	policy_put(p->out);
	text_str(p->out,
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		 "<meta name=\"color-scheme\" content=\"light dark\">\n"
		 "<meta name=\"referrer\" content=\"no-referrer\">\n"
		 "<meta name=\"generator\" content=\"tcptape\">\n"
		 "<link rel=\"icon\" href=\"data:,\">\n<title>");
	html_cstr(p->out, p->document->title);
	text_str(p->out, "</title>\n");
	if (html_has_chart(p->document))
		asset_put(p->out, "style", &html_chart_css);
	asset_put(p->out, "style", &html_page_css);
	text_str(p->out, "</head>\n");
}

static void link_put(struct text *t, const char *place, const char *title)
{
	text_str(t, "<a href=\"#");
	text_str(t, place);
	text_str(t, "\">");
	html_cstr(t, title);
	text_str(t, "</a>\n");
}

static void links_put(struct html_page *p)
{
	const struct document *d = p->document;

	text_str(p->out, "<nav aria-label=\"On this page\">\n");
	if (html_has_findings(d))
		link_put(p->out, "findings", "Findings");
	if (html_has_chart(d))
		link_put(p->out, "timeline", "Timeline");
	for (size_t i = 0; i < d->n_tables; i++) {
		struct text place CLEANUP(text_done) = {0};

		text_str(&place, "table-");
		text_u64(&place, i);
		link_put(p->out, text_cstr(&place), d->tables[i].title);
	}
	if (d->n_notes)
		link_put(p->out, "notes", "Notes");
	text_str(p->out, "</nav>\n");
}

static void header_put(struct html_page *p)
{
	const struct document *d = p->document;
	const char *level = document_level_name(d->level);

	text_str(p->out,
		 html_has_findings(d)
			 ? "<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n"
			 : "<a class=\"skip\" href=\"#table-0\">Skip to what happened</a>\n");
	text_str(p->out, "<header class=\"");
	text_str(p->out, level ? level : "");
	text_str(p->out, "\">\n<h1>");
	html_cstr(p->out, d->title);
	text_str(p->out, "</h1>\n<p class=\"verdict\">");
	html_level(p, d->level);
	text_str(p->out, " <span>");
	html_cstr(p->out, d->verdict);
	text_str(p->out, "</span></p>\n");
	html_items(p, "facts", d->facts, d->n_facts);
	links_put(p);
	text_str(p->out, "</header>\n");
}

static void notes_put(struct html_page *p)
{
	const struct document *d = p->document;

	if (!d->n_notes)
		return;
	text_str(p->out, "<section id=\"notes\" aria-labelledby=\"notes-head\">\n"
			 "<h2 id=\"notes-head\">Notes</h2>\n<ul>\n");
	for (size_t i = 0; i < d->n_notes; i++) {
		text_str(p->out, "<li>");
		html_cstr(p->out, d->notes[i]);
		text_str(p->out, "</li>\n");
	}
	text_str(p->out, "</ul>\n</section>\n");
}

static void footer_put(struct html_page *p)
{
	text_str(p->out,
		 "<footer>\n<p>Written by tcptape. This page is one file and fetches nothing");
	if (html_has_chart(p->document))
		text_str(p->out, "; the timeline is drawn by uPlot (MIT licence)");
	text_str(p->out, ".</p>\n</footer>\n");
}

/* Gives a time on the page, for html_instants_for. */
static uint64_t page_near_ns(const struct document *d, const struct render_options *o)
{
	if (d->chart)
		return d->chart->start_ns;
	return o->clock.start ? o->clock.start(o->clock.userdata) : 0;
}

static int html_render(const struct document *d, const struct render_options *o,
		       unsigned int columns, struct text *out, struct fault *fault)
{
	struct html_page p = {
		.out = out,
		.document = d,
		.timestamp = timestamp_for_text(o),
		.data = timestamp_for_data(o),
		.instants = html_instants_for(o, page_near_ns(d, o)),
	};
	int r;

	head_put(&p);
	text_str(out, "<body>\n");
	header_put(&p);
	text_str(out, "<main>\n");
	html_findings(&p);
	html_chart(&p);
	for (size_t i = 0; i < d->n_tables; i++)
		html_table(&p, &d->tables[i], i);
	notes_put(&p);
	text_str(out, "</main>\n");
	footer_put(&p);
	r = html_data(&p);
	if (r < 0)
		return fault_errno(fault, r, "HTML page");
	if (html_has_chart(d))
		asset_put(out, "script", &html_chart_js);
	asset_put(out, "script", &html_page_js);
	text_str(out, "</body>\n</html>\n");
	return out->failed ? fault_errno(fault, -ENOMEM, "HTML page") : 0;
}

const struct document_renderer document_html = {
	.render = html_render,
};
