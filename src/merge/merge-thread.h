/* SPDX-License-Identifier: MIT */
/*
 * merge-thread: puts rows in order, in a thread of its own or, without one, in the call that asks
 * for them. It is given windows and returns batches, in the same order. All calls come from one
 * thread.
 */
#pragma once

#include "base/fault.h"
#include "merge/window.h"

struct merge_thread;

/* The pool is borrowed; all chunks come from it. */
int merge_thread_new(struct chunk_cache *pool, bool has_thread, struct merge_thread **ret,
		     struct fault *fault) MUST_CHECK;
/* Ends the thread. Chunks go back to the pool, but for those that are spent in the batch that was
 * returned last: those are the caller's. */
struct merge_thread *merge_thread_free(struct merge_thread *t);
DEFINE_CLEANUP(struct merge_thread, merge_thread_free);

/* Is there room for one more window? Without a thread, only when all batches of the one before were
 * returned: nothing is read before it is needed. */
bool merge_thread_has_room(const struct merge_thread *t);
/* An empty window, to be filled and given; there must be room. */
struct merge_window *merge_thread_open(struct merge_thread *t);
/* Gives the open window. */
void merge_thread_give(struct merge_thread *t);
/* The next batch of the windows that were given, waited for and good until the next call. NULL: all
 * of them were returned. The caller frees what is spent, before that call. */
struct merge_batch *merge_thread_next(struct merge_thread *t);
