/* SPDX-License-Identifier: MIT */
/*
 * diff-page: the document that the difference of two tapes is.
 */
#pragma once

#include "detect/changes.h"
#include "gather/facts.h"
#include "table/document.h"

struct change_page {
	struct arena arena;
	struct changes changes;
	struct document document;
};

/* Of two incidents whose views have emitted; both, and their facts, must stay as long as the page.
 * diff_page_done releases it, after a failure too. 0 or -ENOMEM. */
int diff_page_make(struct change_page *p, const struct gathered *const incidents[2],
		   const struct tape_facts *const facts[2], struct fault *fault) MUST_CHECK;
void diff_page_done(struct change_page *p);

/* The tables, one for each of these; *ret has CHANGE_PAGE_TABLES. 0 or -ENOMEM. */
#define CHANGE_PAGE_TABLES (1 + 1 + GROUP_BY_N)
int diff_page_tables(struct change_page *p, struct document_table *ret) MUST_CHECK;
/* "3.1%", "12.5/s" */
void change_rate_text(struct text *t, const struct change *c, unsigned int side);
