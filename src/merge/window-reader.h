/* SPDX-License-Identifier: MIT */
/*
 * window-reader: reads a tape window by window. A window ends with the MARK that says that the tape
 * is complete up to a later time, with rows that may be shown at once because they come too late
 * for the MARK before them, or with as much as memory may hold. Nothing is read after that.
 */
#pragma once

#include "merge/readahead.h"
#include "merge/selection.h"
#include "merge/task-order.h"
#include "merge/window.h"

struct window_reader {
	struct tape_reader *reader; /* borrowed, as is the pool */
	struct chunk_cache *pool;
	struct merge_selection selection;
	struct task_order tasks;
	struct readahead *readahead; /* NULL: chunks are expanded when they are read */
	struct buffer columns;	     /* of the chunk that is being expanded */
	uint64_t limit;		     /* rows before it are complete */
	uint64_t drained_ns;	     /* when the rings were emptied last; 0: not known */
	bool has_ended;
	int err; /* reading failed, and why: rows that were read before that come first */
	struct fault fault;
};

/* The options are borrowed. */
int window_reader_init(struct window_reader *w, struct tape_reader *reader,
		       const struct merge_options *o, struct chunk_cache *pool,
		       struct fault *fault) MUST_CHECK;
void window_reader_done(struct window_reader *w);

/* Was everything read? Either the tape has ended, or reading has failed. */
static inline bool window_reader_is_over(const struct window_reader *w)
{
	return w->has_ended || w->err;
}

/* Fills an empty window; reading must not be over. */
void window_reader_read(struct window_reader *w, struct merge_window *window);
