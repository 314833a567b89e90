/* SPDX-License-Identifier: MIT */
/*
 * tape-end: the sections after the last row: LOSS, CLOCK, TALLY, MARK, and the index.
 */
#pragma once

#include "base/fault.h"
#include "record/event-counts.h"
#include "tape/writer.h"

/* Writes the end of the tape and finishes the writer. The events must be disabled. *ret_sums gets
 * the counts of all events. */
int tape_end_write(struct tape_writer *w, const struct event_counts *counts,
		   struct event_count_sums *ret_sums, struct fault *fault) MUST_CHECK;
