/* SPDX-License-Identifier: MIT */
/*
 * diff-finding: writes one finding of a diff.
 */
#pragma once

#include "pages/diff-page.h"

#define DIFF_FINDINGS_MAX 64u

/* The findings that are being written. */
struct diff_findings {
	struct document_builder *builder;
	const struct changes *changes;
	const char *rule;
	const char *whom[DIFF_FINDINGS_MAX]; /* of each finding; NULL: of all */
	struct document_finding *items;	     /* room for DIFF_FINDINGS_MAX */
	size_t n;
};

/* Whom a change is about, in words: "toward 10.0.0.2", "at port 80 of this host (nginx)". */
const char *diff_whom_words(struct diff_findings *w, enum change_metric m, enum group_by d,
			    const struct change_group *g);
/* "More retransmissions toward 10.0.0.2: 0.10% before, 5.2% after". whom is NULL for all. */
void diff_put_change(struct diff_findings *w, enum change_metric m, const char *whom,
		     const struct change_count *count, const struct change *c);
/* Timeouts are a part of retransmissions. Where a finding tells already that the retransmissions at
 * the same place changed in the same way, adds the timeouts to its evidence and returns true. */
bool diff_add_timeouts(struct diff_findings *w, const char *whom, const struct change_count *count,
		       const struct change *c);
/* "New at port 9000 of this host, and not on the first tape: resets 50% of the connections; all
 * before: 1.0%" */
void diff_put_new(struct diff_findings *w, enum change_metric m, const char *whom,
		  const struct change_count *count);
