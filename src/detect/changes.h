/* SPDX-License-Identifier: MIT */
/*
 * changes: what is different between two incidents: how often something happened, measured against
 * the traffic where that is known and against time where not, for all of it and for each peer,
 * network, port, process name and cause. Only differences that are too large to be chance count.
 */
#pragma once

#include "gather/gathered.h"

enum change_metric {
	CHANGE_RETRANS,
	CHANGE_TIMEOUTS,
	CHANGE_FAILURES, /* of connects */
	CHANGE_RESETS,
	CHANGE_SYNACKS,
	CHANGE_CONNECTIONS,
	CHANGE_METRICS,
};

struct change_metric_info {
	const char *key;   /* "retransmissions" */
	const char *label; /* "retransmissions" */
	const char *per;   /* "of the data": a share; NULL: per second */
	bool is_trouble;   /* more is worse */
};

extern const struct change_metric_info change_metrics[CHANGE_METRICS];

/* How often one thing happened in one of the two. */
struct change_side {
	uint64_t n;
	double exposure; /* segments, attempts, connections; 0: no traffic, or not known */
};

struct change_count {
	struct change_side sides[2]; /* before, after */
};

/* How much it changed. */
struct change {
	bool is_significant;
	bool is_per_second;   /* rates are, else shares */
	bool is_new, is_gone; /* there was none before, or is none after */
	double rates[2];
	double z; /* standard deviations from no change; positive: more */
};

/* Groups of both, matched by key: processes by name alone. */
struct change_group {
	struct group_key key; /* first */
	struct change_count counts[CHANGE_METRICS];
};

struct changes {
	double seconds[2];
	struct change_count total[CHANGE_METRICS];
	struct change_count causes[TCP_CAUSE_N];
	struct groups groups[GROUP_BY_N]; /* of struct change_group */
};

/* 0 or -ENOMEM; changes_done releases them, after a failure too. */
int changes_make(struct changes *c, const struct gathered *before,
		 const struct gathered *after) MUST_CHECK;
void changes_done(struct changes *c);
/* Writes when a change is significant, in a sentence. */
void changes_rule(struct text *t);
/* counts: of all metrics of one group, or of all. */
struct change change_of(const struct changes *c, const struct change_count *counts,
			enum change_metric m);
struct change change_of_cause(const struct changes *c, enum tcp_cause cause);
