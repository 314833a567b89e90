/* SPDX-License-Identifier: MIT */
/*
 * counted: what a counter of the kernel did in the network namespaces of the connections that are
 * shown. The counter is that of all connections there, also of those that a filter leaves out.
 */
#pragma once

#include "counter/book.h"
#include "detect/findings.h"

/* Sums up what a counter did in these namespaces; its worst second is that of the namespace where
 * it grew fastest, and there is no curve. False: it was not read in any of them. */
bool counted_in(const struct findings *f, const struct netns_set *spaces, const char *name,
		struct counter_change *ret);
/* The same of one namespace, or, if its inode is 0, of all in which connections were served. */
bool counted_of(const struct findings *f, uint32_t netns, const char *name,
		struct counter_change *ret);
/* Adds to the evidence how fast the counter grew in its worst second, and makes that second the
 * span of the finding if it has none. */
void finding_worst_second(struct findings *f, struct finding *x, const struct counter_change *c);
