/* SPDX-License-Identifier: MIT */
/*
 * parts: the functions that write the parts of a page, one part per file. The markup is complete
 * without scripts. The scripts find their data in one element, in the same order as the markup.
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
	struct timestamp timestamp; /* for people */
	struct timestamp data;	    /* for the attribute of <time> */
	struct html_instants instants;
};

static inline bool html_has_chart(const struct document *d)
{
	return d->chart && d->chart->n_buckets && d->chart->n_series;
}

/* item.c: writes a description list of the items that have a label; nothing when no item has
 * one. */
void html_items(struct html_page *p, const char *css_class, const struct document_item *items,
		size_t n);
/* Writes a cell for people; a dash if its value is unknown. */
void html_cell(struct html_page *p, const struct column *column, const struct cell *cell);
/* Writes a badge with the word and the sign of the level. */
void html_level(struct html_page *p, enum document_level level);
/* Writes a span of time: its two ends, and how long it is. */
void html_when(struct html_page *p, uint64_t since_ns, uint64_t until_ns);

/* finding.c: whether the page is about findings; one that tells a story, and has none, is not. */
bool html_has_findings(const struct document *d);
/* finding.c: writes the section of the findings, if the page is about them. */
void html_findings(struct html_page *p);
/* chart.c: writes the place of the chart, and its numbers as a table. */
void html_chart(struct html_page *p);
/* table.c: writes a table of the document; number: its index there. */
void html_table(struct html_page *p, const struct document_table *table, size_t number);
/* history.c: writes one array for each row that has a history. 0 or -ENOMEM. */
int html_histories(const struct html_instants *instants, const struct document_table *table,
		   struct string_table *strings, struct json_writer *w) MUST_CHECK;
/* data.c: writes the element with the data of the scripts. 0 or -ENOMEM. */
int html_data(struct html_page *p) MUST_CHECK;
