/* SPDX-License-Identifier: MIT */
/*
 * plan: what a recording takes in: which tracepoints, with which filters, with call chains or not,
 * and which synthetic rows. It is made before anything is opened.
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

/* Tells the user by o->notice what this kernel cannot give. 0 or -errno. */
int plan_make(const struct record_options *o, struct plan *ret, struct fault *fault) MUST_CHECK;
void plan_done(struct plan *p);

/* Are the last tcp_info of closed sockets worth their cost beside these tracepoints? */
bool plan_wants_final_info(const struct selected_list *l);
