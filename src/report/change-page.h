/* SPDX-License-Identifier: MIT */
/*
 * change-page: the document that the difference of two tapes is.
 */
#pragma once

#include "report/changes.h"
#include "report/facts.h"
#include "table/document.h"

struct change_page {
	struct arena arena;
	struct changes changes;
	struct document document;
};

/* Of two incidents whose views have emitted; both, and their facts, must stay as long as the page.
 * change_page_done releases it, after a failure too. 0 or -ENOMEM. */
int change_page_make(struct change_page *p, const struct incident *const incidents[2],
		     const struct report_facts *const facts[2], struct fault *fault) MUST_CHECK;
void change_page_done(struct change_page *p);

/* The tables, one for each of these; *ret has CHANGE_PAGE_TABLES. 0 or -ENOMEM. */
#define CHANGE_PAGE_TABLES (1 + 1 + REPORT_DIMENSIONS)
int change_page_tables(struct change_page *p, struct document_table *ret) MUST_CHECK;
/* "3.1%", "12.5/s" */
void change_rate_text(struct text *t, const struct change *c, unsigned int side);
