/* SPDX-License-Identifier: MIT */
/*
 * limit: a sink in front of another one that lets the first rows of each table through, and drops
 * and counts the rest. It lives in the caller's struct, which must not move while the sink is used.
 */
#pragma once

#include "table/table.h"

struct table_limit {
	struct table_sink inner; /* gets the rows that pass */
	uint64_t max;		 /* rows per table; 0: no limit */
	uint64_t n_rows;	 /* rows of the open table that passed */
	uint64_t dropped;	 /* rows of all tables that did not pass */
};

/* The sink that writes to l. l->inner and l->max must be set. */
struct table_sink table_limit_sink(struct table_limit *l);
/* Whether no further row of the open table can pass. */
static inline bool table_limit_is_full(const struct table_limit *l)
{
	return l->max && l->n_rows >= l->max;
}
