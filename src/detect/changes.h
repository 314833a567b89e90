/* SPDX-License-Identifier: MIT */
/*
 * changes: the changes from one tape to another. How often something happened is measured against
 * the traffic where that is known, and against time where it is not, for the total and for each
 * peer, network, port, destination, process name and cause. A change is significant if it is too
 * large to be chance. What only one of the tapes has did not change: there is nothing to compare
 * it with. A service that has another port on the second tape is the same service, if the same
 * program serves it.
 */
#pragma once

#include "detect/change-group.h"

struct change_metric_info {
	const char *key;   /* for machines: "connect_failures" */
	const char *label; /* for people: "failed connects" */
	const char *per;   /* the whole of a share: "of the attempts"; NULL: there are no shares */
	bool is_trouble;   /* more of it is worse */
};

extern const struct change_metric_info change_metrics[CHANGE_METRICS];

/* Fewer events than this, on both tapes together, are not significant. */
#define CHANGE_EVENTS_MIN 10u

/* How much a count changed. */
struct change {
	bool is_significant;
	bool is_incomparable; /* only one of the tapes has the group */
	bool is_per_second;   /* rates[] is per second; else it is the share of the exposure */
	bool is_new, is_gone; /* it happened only after, or only before */
	double rates[2];
	double z; /* distance from no change in standard deviations; positive: more */
};

struct changes {
	double seconds[2];
	struct change_count total[CHANGE_METRICS];
	struct change_count causes[TCP_CAUSE_N];
	struct groups groups[GROUP_BY_N]; /* of struct change_group */
	const struct labels *labels;	  /* the user's names for addresses; NULL: none */
};

/* Compares two tapes. 0 or -ENOMEM; changes_done() must follow even a failure. */
int changes_make(struct changes *c, const struct gathered *before,
		 const struct gathered *after) MUST_CHECK;
void changes_done(struct changes *c);
/* Writes when a change is significant, in a sentence. */
void changes_rule(struct text *t);
/* The change of one metric. counts is c->total, or the counts of one group. */
struct change change_of(const struct changes *c, const struct change_count *counts,
			enum change_metric m);
struct change change_of_group(const struct changes *c, const struct change_group *g,
			      enum change_metric m);
/* The same, if the group had been on the first tape and had been like all of it. */
struct change change_against_all(const struct changes *c, const struct change_count *counts,
				 enum change_metric m);
/* By how many events the later tape has more than it would have without a change; negative: less.
 * of_new: the group is not on the first tape, and is compared with all of it. */
double change_excess(const struct changes *c, const struct change_count *counts,
		     enum change_metric m, bool of_new);
/* Names a group like group_key_text(), with its program, and where it was before. */
void change_group_text(enum group_by d, const struct change_group *g, const struct labels *names,
		       struct text *t);
struct change change_of_cause(const struct changes *c, enum tcp_cause cause);
