/* SPDX-License-Identifier: MIT */
/*
 * tape-state: a tape that another program reads. Private to the room.
 */
#pragma once

#include <tcptape/tape.h>

#include "merge/merge.h"
#include "tracepoint/trace-format.h"

/* A format file that was parsed once; it may have no fields that can be used. */
struct tcptape_format {
	bool is_usable;
	struct trace_format format;
};

struct tcptape {
	struct tape_reader *reader;
	struct tape_merge *merge;
	bool is_at_end;
	bool has_row;
	struct tcptape_row row;
	struct tcptape_format *formats[TAPE_TRACEPOINTS_MAX]; /* NULL: not asked for yet */
	struct tcptape_counts counts, sums;
	struct fault fault; /* of the last call */
};
