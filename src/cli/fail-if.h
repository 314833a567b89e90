/* SPDX-License-Identifier: MIT */
/*
 * fail-if: a --fail-if as it was typed: "retrans_rate>1%".
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

/* Those of an option that may be repeated. */
struct conditions {
	struct condition *items;
	size_t n;
};

int option_fail_if(void *value, const char *arg, struct arena *arena, struct fault *fault);
/* Is one of them met? *ret is the first that is, or NULL. -ENODATA: the tape does not tell one of
 * those that matter; -EINVAL never. */
int fail_if_met(const struct conditions *c, const struct findings *f, const struct condition **ret,
		double *ret_value, struct fault *fault) MUST_CHECK;
