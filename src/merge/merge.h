/* SPDX-License-Identifier: MIT */
/*
 * merge: rows of the wanted tracepoints in exact time order (ties: by CPU, then by place on the
 * tape), with bounded memory, over a file or a stream. A row waits until a MARK says that no older
 * one comes any more. When more than MERGE_HELD_MAX bytes wait, the oldest rows are shown early. A
 * row that comes after a younger one was shown is shown at once, and is counted as late.
 */
#pragma once

#include "merge/options.h"
#include "tape/reader.h"
#include "tape/row.h"

struct tape_merge;

/* Borrows the reader, and copies the options. */
int tape_merge_new(struct tape_reader *r, const struct merge_options *o, struct tape_merge **ret,
		   struct fault *fault) MUST_CHECK;
struct tape_merge *tape_merge_free(struct tape_merge *m);
DEFINE_CLEANUP(struct tape_merge, tape_merge_free);

/* 1 a row, 0 the end, -errno. The row is good until the next call. */
int tape_merge_next(struct tape_merge *m, const struct tape_row **ret,
		    struct fault *fault) MUST_CHECK;
uint64_t tape_merge_late(const struct tape_merge *m);
