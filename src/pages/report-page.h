/* SPDX-License-Identifier: MIT */
/*
 * report-page: the document of a report: facts, findings, timeline and tables.
 */
#pragma once

#include "detect/findings.h"
#include "detect/verdict.h"

struct report_page {
	struct document_builder builder;
	struct findings findings;
	struct verdict verdict; /* of the findings */
	struct document document;
	size_t n_without_strips; /* connections that were sampled, and whose strips are left out */
};

/* Makes the page of what was gathered, once the gather view has emitted. `in` and `facts` must
 * outlive the page. report_page_done() must follow even a failure. 0 or -ENOMEM. */
int report_page_make(struct report_page *p, const struct gathered *in,
		     const struct tape_facts *facts, struct fault *fault) MUST_CHECK;
void report_page_done(struct report_page *p);

/* Functions that add a part of the page. When memory runs out, a part is left out and the builder
 * has failed. */
void report_page_facts(struct report_page *p);
void report_page_chart(struct report_page *p);
/* Adds notes about the limits of the page: caveats of the tape, and data without room. */
void report_page_caveats(struct report_page *p);
/* One table for each enum group_by, then the table of single connections. */
#define REPORT_PAGE_TABLES (GROUP_BY_N + 1)
void report_page_groups(struct report_page *p, enum group_by d, struct document_table *ret);
void report_page_connections(struct report_page *p, struct document_table *ret);
/* Makes the history of each of the worst connections. ret has room for all. */
void report_page_histories(struct report_page *p, struct document_history *ret);
