/* SPDX-License-Identifier: MIT */
/*
 * audit: what the kernel counted while events were recorded, against what is on the tape. Nothing
 * here claims more than was measured: the kernel's counters are read a moment before and after the
 * events are enabled and disabled, which gives two bounds; and some counters count more than the
 * events stand for.
 */
#pragma once

#include "base/text.h"
#include "gather/facts.h"
#include "gather/gathered.h"

/* What accounts for a difference. */
enum audit_reason {
	AUDIT_EDGES,	   /* counted between a reading and the moment when events began or ended */
	AUDIT_LOST,	   /* the recorder lost events of this kind */
	AUDIT_UNDELIVERED, /* the kernel counted events and did not deliver them */
	AUDIT_OFFLOAD,	   /* an event stands for several segments */
	AUDIT_FAILED,	   /* attempts that failed, of which the kernel counts some */
	AUDIT_LOCAL,	   /* connects that failed before a SYN was sent; negative */
	AUDIT_OTHERS,	   /* namespaces whose counters were not read in time; negative */
	AUDIT_REASONS,
};

struct audit_row {
	const char *counter; /* "Tcp.RetransSegs" */
	bool is_comparable;
	const char *why_not; /* if it is not */
	/* The kernel's count, from the last reading before to the first one after; where there are
	 * no such readings, from the first to the last one in between. */
	uint64_t kernel;
	uint64_t tape;
	/* If comparable: kernel = tape + the sum of explained + unaccounted. */
	int64_t explained[AUDIT_REASONS];
	int64_t unaccounted;
	size_t n_spaces; /* network namespaces whose counters are in `kernel` */
};

#define AUDIT_ROWS_MAX 16u

struct audit {
	struct audit_row rows[AUDIT_ROWS_MAX];
	size_t n; /* 0: the tape has no counters, or none that events stand for */
};

void audit_make(struct audit *a, const struct gathered *in, const struct tape_facts *facts);
/* The sum of what is unaccounted, without signs. False: nothing could be compared. */
bool audit_unaccounted(const struct audit *a, uint64_t *ret);
/* "edges", "lost", ... */
const char *audit_reason_word(enum audit_reason r);
/* "RetransSegs 3,941 = 3,941 on the tape", "... = 3,900 + 41 lost", "... : not comparable: why". */
void audit_row_text(const struct audit_row *row, struct text *t);
