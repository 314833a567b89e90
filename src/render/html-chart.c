// SPDX-License-Identifier: MIT
#include "base/units.h"
#include "render/html-page.h"
#include "render/put.h"

struct summary {
	uint64_t total;
	uint64_t most;
	size_t most_at;
};

static struct summary summarize(const struct document_series *s, size_t n)
{
	struct summary sum = {0};

	for (size_t i = 0; i < n; i++) {
		sum.total += s->values[i];
		if (s->values[i] <= sum.most)
			continue;
		sum.most = s->values[i];
		sum.most_at = i;
	}
	return sum;
}

static void put_series(struct html_page *p, const struct document_chart *c,
		       const struct document_series *s)
{
	struct summary sum = summarize(s, c->n_buckets);
	char words[PUT_MAX], *end;

	text_str(p->out, "<tr><th scope=\"row\">");
	html_cstr(p->out, s->label);
	text_str(p->out, "</th><td class=\"n\">");
	if (s->is_gauge)
		text_str(p->out, "\xe2\x80\x93");
	else
		units_count(p->out, sum.total);
	text_str(p->out, "</td><td class=\"n\">");
	units_count(p->out, sum.most);
	text_str(p->out, "</td><td>");
	if (sum.most) {
		end = face_put(&p->face, words, c->start_ns + sum.most_at * c->bucket_ns,
			       c->bucket_ns % NSEC_PER_SEC ? 3 : 0);
		html_text(p->out, words, (size_t)(end - words));
	} else {
		text_str(p->out, "\xe2\x80\x93");
	}
	text_str(p->out, "</td></tr>\n");
}

void html_chart(struct html_page *p)
{
	const struct document_chart *c = p->document->chart;

	if (!html_has_chart(p->document))
		return;
	text_str(p->out,
		 "<section id=\"timeline\" aria-labelledby=\"timeline-head\">\n"
		 "<h2 id=\"timeline-head\">Timeline</h2>\n"
		 "<div id=\"chart\"></div>\n"
		 "<details class=\"numbers\" open>\n<summary>The timeline in numbers</summary>\n"
		 "<div class=\"box\">\n<table>\n<caption>Totals, and the busiest interval of ");
	units_duration(p->out, c->bucket_ns);
	text_str(p->out, "</caption>\n<thead><tr><th scope=\"col\">Series</th>"
			 "<th scope=\"col\" class=\"n\">Total</th>"
			 "<th scope=\"col\" class=\"n\">Most</th>"
			 "<th scope=\"col\">At</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < c->n_series; i++)
		put_series(p, c, &c->series[i]);
	text_str(p->out, "</tbody>\n</table>\n</div>\n</details>\n</section>\n");
}
