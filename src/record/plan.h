/* SPDX-License-Identifier: MIT */
/*
 * plan: which tracepoints a recording takes, with which filters, with call chains or without, and
 * which synthetic rows. The plan is made before any event is opened.
 */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "record/record-options.h"
#include "record/selection.h"
#include "record/tracepoints.h"

struct plan {
	struct selection selection;
	struct tracepoints tracepoints; /* borrows names from selection */
	struct synthetic_rows synthetic;
};

/* Makes the plan, and reports through o->notice what this kernel lacks. 0 or -errno. */
int plan_make(const struct record_options *o, struct plan *ret, struct fault *fault) MUST_CHECK;
void plan_done(struct plan *p);

/* True if the last tcp_info of each closed socket is worth its cost beside these tracepoints. */
bool plan_wants_final_info(const struct selected_list *l);
