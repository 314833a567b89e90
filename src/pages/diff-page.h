/* SPDX-License-Identifier: MIT */
/*
 * diff-page: the document that compares two tapes.
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
 * `tapes` and `facts` must outlive the page. diff_page_done() must follow even a failure. 0 or
 * -ENOMEM. */
int diff_page_make(struct diff_page *p, const struct gathered *const tapes[2],
		   const struct tape_facts *const facts[2], struct fault *fault) MUST_CHECK;
void diff_page_done(struct diff_page *p);

/* Functions that add a part of the page. When memory runs out, a part is left out and the builder
 * has failed. */
void diff_page_findings(struct diff_page *p);
/* The tables of totals and causes, then one for each enum group_by. */
#define DIFF_PAGE_TABLES (1 + 1 + GROUP_BY_N)
void diff_page_tables(struct diff_page *p);
/* "3.1%", "12.5/s" */
void change_rate_text(struct text *t, const struct change *c, unsigned int side);
