/* SPDX-License-Identifier: MIT */
/*
 * parts: the parts of a page, one per file. What stands in the markup is complete without
 * scripts; the scripts find their data in one element, in the same order as the markup.
 */
#pragma once

#include "document/renderer.h"
#include "render/timestamp.h"
#include "html/instant.h"
#include "html/string-table.h"
#include "html/writer.h"

struct html_page {
	struct text *out;
	const struct document *document;
	struct timestamp timestamp; /* as people read times */
	struct timestamp data;	    /* as programs do */
	struct html_instants instants;
};

static inline bool html_has_chart(const struct document *d)
{
	return d->chart && d->chart->n_buckets && d->chart->n_series;
}

/* html-item.c: things said, as a description list; nothing when there are none. */
void html_items(struct html_page *p, const char *css_class, const struct document_item *items,
		size_t n);
/* A cell as people read it. */
void html_cell(struct html_page *p, const struct column *column, const struct cell *cell);
/* A word and a sign for how bad it is. */
void html_level(struct html_page *p, enum document_level level);
/* When, from a moment to another. */
void html_when(struct html_page *p, uint64_t since_ns, uint64_t until_ns);

/* html-finding.c */
void html_findings(struct html_page *p);
/* html-chart.c: what the chart shows, in words and numbers. */
void html_chart(struct html_page *p);
/* html-table.c */
void html_table(struct html_page *p, const struct document_table *table, size_t number);
/* html-story.c: one array for each row that has a story. 0 or -ENOMEM. */
int html_histories(const struct html_instants *instants, const struct document_table *table,
		   struct string_table *words, struct json_writer *w) MUST_CHECK;
/* html-data.c: what the scripts read. 0 or -ENOMEM. */
int html_data(struct html_page *p) MUST_CHECK;
