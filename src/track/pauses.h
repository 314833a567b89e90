/* SPDX-License-Identifier: MIT */
/*
 * pauses: the times in which the recorder did not ask for the last figures of sockets that were
 * destroyed, in some network namespaces or in all.
 */
#pragma once

#include "base/map.h"
#include "track/losses.h"

/* {0} is a valid empty set. */
struct pauses {
	struct map open;     /* namespaces whose pause goes on (0: all) to the time it began */
	struct losses some;  /* pauses that are over, of any namespace */
	struct losses whole; /* of these, those of all namespaces at once */
};

void pauses_done(struct pauses *p);
/* From ts_ns on, figures are not asked for in a namespace (0: in all of them), or are asked for
 * again. 0 or -ENOMEM. */
int pauses_take(struct pauses *p, uint64_t ts_ns, uint32_t netns, bool is_paused) MUST_CHECK;
/* Whether figures were asked for nowhere at that time, or not everywhere. */
bool pauses_are_whole_at(const struct pauses *p, uint64_t ns);
bool pauses_are_at(const struct pauses *p, uint64_t ns);
