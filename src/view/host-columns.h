/* SPDX-License-Identifier: MIT */
/*
 * host-columns: the tables of the view host, and their rows. Private to the view.
 */
#pragma once

#include "counter/book.h"
#include "counter/meaning.h"
#include "view/view.h"

#define HOST_COLUMNS 19

struct host_row {
	struct counter_change change;
	const struct counter_meaning *meaning;
};

struct host_columns {
	const struct view_context *context;
	bool with_sources;
	uint64_t span_ns; /* from the first reading to the last one */
	size_t n_points;  /* of curves */
	uint64_t step_ns; /* of curves */
	struct column columns[HOST_COLUMNS];
};

void host_columns_init(struct host_columns *c, const struct view_context *context,
		       bool with_sources);
/* Begins the table of a group; of all groups if the format is not text. */
int host_columns_begin(struct host_columns *c, enum counter_group g, struct table_sink *out,
		       struct fault *fault) MUST_CHECK;
int host_row_put(const struct host_columns *c, const struct host_row *row, struct table_sink *out,
		 struct fault *fault) MUST_CHECK;
