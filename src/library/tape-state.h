/* SPDX-License-Identifier: MIT */
/*
 * tape-state: the state of a tape that another program reads. Private to library/.
 */
#pragma once

#include <tcptape/tape.h>

#include "merge/merge.h"
#include "tracepoint/trace-format.h"

/* A format file, parsed once. is_usable: it could be parsed. */
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
	struct tcptape_format *formats[TAPE_TRACEPOINTS_MAX]; /* NULL: not parsed yet */
	struct tcptape_counts counts, sums;
	struct fault fault; /* of the last call */
};
