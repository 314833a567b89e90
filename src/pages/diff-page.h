/* SPDX-License-Identifier: MIT */
/*
 * diff-page: the document that shows the difference of two tapes.
 */
#pragma once

#include "detect/changes.h"
#include "gather/facts.h"
#include "table/document-builder.h"
#include "table/document.h"

struct diff_page {
	struct document_builder builder;
	struct changes changes;
	struct document document;
};

/* Makes the page of two tapes, before and after, once the gather views of both have emitted.
 * `tapes` and `facts` must stay as long as the page. diff_page_done releases the page, after a
 * failure too. 0 or -ENOMEM. */
int diff_page_make(struct diff_page *p, const struct gathered *const tapes[2],
		   const struct tape_facts *const facts[2], struct fault *fault) MUST_CHECK;
void diff_page_done(struct diff_page *p);

/* The parts of the page. Where memory runs out, each leaves its part out and the builder knows. */
void diff_page_findings(struct diff_page *p);
/* The tables of totals and causes, then one for each enum group_by. */
#define DIFF_PAGE_TABLES (1 + 1 + GROUP_BY_N)
void diff_page_tables(struct diff_page *p);
/* "3.1%", "12.5/s" */
void change_rate_text(struct text *t, const struct change *c, unsigned int side);
