/* SPDX-License-Identifier: MIT */
/*
 * losses: the windows of time in which events were lost, or in which the recorder was held up,
 * merged where they overlap.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct loss_window {
	uint64_t from_ns, to_ns;
};

/* {0} is a valid empty set of windows. */
struct losses {
	struct loss_window *windows; /* in order of time; no two overlap or touch */
	size_t n, cap;
};

void losses_done(struct losses *l);
/* Adds a window from from_ns to to_ns, both included. 0 or -ENOMEM. */
int losses_add(struct losses *l, uint64_t from_ns, uint64_t to_ns) MUST_CHECK;
/* The end of the window that ns is in; ns itself if it is in none. */
uint64_t losses_end_at(const struct losses *l, uint64_t ns);
/* Whether events were lost at any time from from_ns to to_ns, both included. */
bool losses_overlap(const struct losses *l, uint64_t from_ns, uint64_t to_ns);
