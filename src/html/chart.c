// SPDX-License-Identifier: MIT
#include "base/units.h"
#include "html/parts.h"
#include "render/fastfmt.h"

#define BAR_LINES 150u

struct summary {
	uint64_t total; /* of all buckets */
	uint64_t most;	/* the greatest bucket */
	size_t most_at; /* its number */
};

static struct summary summary_of(const struct document_series *s, size_t n)
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

/* Draws the series for a browser that runs no script: one vertical line for each group of
 * neighbouring buckets, as high as the greatest of them. */
static void bars_put(struct text *t, const struct document_series *s, size_t n, uint64_t most)
{
	size_t n_lines = n < BAR_LINES ? n : BAR_LINES;

	text_str(t,
		 s->is_trouble ? "<td><svg class=\"course trouble\"" : "<td><svg class=\"course\"");
	text_str(t, " aria-hidden=\"true\" preserveAspectRatio=\"none\" "
		    "viewBox=\"0 0 ");
	text_u64(t, n_lines);
	text_str(t, " 100\"><path d=\"");
	for (size_t line = 0; line < n_lines; line++) {
		uint64_t value = 0, height;

		for (size_t i = line * n / n_lines; i < (line + 1) * n / n_lines; i++)
			value = s->values[i] > value ? s->values[i] : value;
		if (!value)
			continue;
		height = (uint64_t)((double)value * 100 / (double)most);
		text_char(t, 'M');
		text_u64(t, line);
		text_str(t, ".5 100v-");
		/* The line of any value above 0 is high enough to be seen. */
		text_u64(t, height > 4 ? height : 4);
	}
	text_str(t, "\"/></svg></td>");
}

static void series_put(struct html_page *p, const struct document_chart *c,
		       const struct document_series *s)
{
	struct summary sum = summary_of(s, c->n_buckets);
	char time[FASTFMT_MAX], *end;

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
		end = timestamp_put(&p->timestamp, time, c->start_ns + sum.most_at * c->bucket_ns,
				    c->bucket_ns % NSEC_PER_SEC ? 3 : 0);
		html_text(p->out, time, (size_t)(end - time));
	} else {
		text_str(p->out, "\xe2\x80\x93");
	}
	text_str(p->out, "</td>");
	bars_put(p->out, s, c->n_buckets, sum.most);
	text_str(p->out, "</tr>\n");
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
			 "<th scope=\"col\">At</th><th scope=\"col\">Over "
			 "time</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < c->n_series; i++)
		series_put(p, c, &c->series[i]);
	text_str(p->out, "</tbody>\n</table>\n</div>\n</details>\n</section>\n");
}
