/* SPDX-License-Identifier: MIT */
/*
 * report-page: the document that a report is: facts, findings, timeline and tables.
 */
#pragma once

#include "detect/findings.h"

struct report_page {
	struct document_builder builder;
	struct findings findings;
	struct document document;
};

/* Makes the page of what was gathered, once the gather view has emitted. `in` and `facts` must stay
 * as long as the page. report_page_done releases the page, after a failure too. 0 or -ENOMEM. */
int report_page_make(struct report_page *p, const struct gathered *in,
		     const struct tape_facts *facts, struct fault *fault) MUST_CHECK;
void report_page_done(struct report_page *p);

/* The parts of the page. Where memory runs out, each leaves its part out and the builder knows. */
void report_page_facts(struct report_page *p);
void report_page_chart(struct report_page *p);
/* The notes say what limits the page: what is known of the tape, and what there was no room for. */
void report_page_caveats(struct report_page *p);
/* One table for each enum group_by, then the table of single connections. */
#define REPORT_PAGE_TABLES (GROUP_BY_N + 1)
void report_page_groups(struct report_page *p, enum group_by d, struct document_table *ret);
void report_page_connections(struct report_page *p, struct document_table *ret);
/* What happened to one connection, in at most events_max entries; the others are counted. */
void report_page_history(struct report_page *p, const struct worst_conn *c, size_t events_max,
			 struct document_history *ret);
