/* SPDX-License-Identifier: MIT */
/*
 * report-page: the document that a report is: facts, findings, timeline, tables, in memory of its arena.
 */
#pragma once

#include "detect/findings.h"

struct page {
	struct arena arena;
	struct findings findings;
	struct document document;
};

/* From an incident whose view has emitted. Both must stay as long as the page; page_done releases
 * it, after a failure too. 0 or -ENOMEM. */
int page_make(struct page *p, const struct gathered *in, const struct tape_facts *facts,
	      struct fault *fault) MUST_CHECK;
void page_done(struct page *p);

/* Parts; each copies strings into the page's arena. 0 or -ENOMEM. */
int page_facts(struct page *p) MUST_CHECK;
/* What limits the page: what is known of the tape, and what there was no room for. */
int page_notes(struct page *p) MUST_CHECK;
int page_chart(struct page *p) MUST_CHECK;
/* Peers, networks, ports, processes; connections last. */
#define PAGE_TABLES (GROUP_BY_N + 1)
int page_groups(struct page *p, enum group_by d, struct document_table *ret) MUST_CHECK;
int page_connections(struct page *p, struct document_table *ret) MUST_CHECK;
/* What happened to one connection. */
int page_history(struct page *p, const struct worst_conn *c, size_t moments_max,
		 struct document_history *ret) MUST_CHECK;
