/* SPDX-License-Identifier: MIT */
/*
 * metrics: single numbers about a tape, which `--fail-if` compares and `--json` lists.
 */
#pragma once

#include "gather/facts.h"
#include "detect/findings.h"

struct report_metric {
	const char *name;    /* "retrans_rate" */
	const char *unit;    /* "%", "/s", "ms", "" */
	const char *summary; /* for help */
	/* Gets the value, after detectors_run(); false: it is unknown for this tape. */
	bool (*get)(const struct findings *f, double *ret);
	/* True if it is unknown because too little happened for it to mean something, so that no
	 * condition is met; NULL: that cannot be. */
	bool (*is_of_little)(const struct findings *f);
};

extern const struct report_metric report_metrics[];
extern const size_t n_report_metrics;
