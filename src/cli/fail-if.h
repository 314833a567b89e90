/* SPDX-License-Identifier: MIT */
/*
 * fail-if: the conditions of report --fail-if, such as "retrans_rate>1%".
 */
#pragma once

#include "base/arena.h"
#include "base/fault.h"
#include "detect/metrics.h"

enum condition_op { CONDITION_GT, CONDITION_GE, CONDITION_LT, CONDITION_LE };

struct condition {
	const char *typed;
	const struct report_metric *metric;
	enum condition_op op;
	double value;
};

/* All conditions: the option may be repeated. */
struct conditions {
	struct condition *items;
	size_t n;
};

int option_fail_if(void *value, const char *arg, struct arena *arena, struct fault *fault);
/* What became of all conditions. */
struct fail_if {
	const struct condition *met;	   /* the first one that is met; NULL: none */
	double value;			   /* of its metric */
	const struct condition *of_little; /* one that too little happened for; NULL: none */
};

/* Judges the conditions. -ENODATA when no condition is met and the tape does not have the metric of
 * one. */
int fail_if_met(const struct conditions *c, const struct findings *f, struct fail_if *ret,
		struct fault *fault) MUST_CHECK;
