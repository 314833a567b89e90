// SPDX-License-Identifier: MIT
/*
 * merge-thread: two rings under one lock, one of windows on their way to the thread, and one of
 * batches on their way back.
 */
#include "merge/merge-thread.h"

#include <assert.h>
#include <stdlib.h>

#include "base/handoff.h"
#include "merge/row-order.h"

#define WINDOWS 2u
#define BATCHES 4u

struct merge_thread {
	struct chunk_cache *pool;
	struct row_order order; /* the thread's, if there is one */
	struct merge_window windows[WINDOWS];
	uint64_t n_given, n_used; /* windows ever, by the caller and by the thread */
	uint64_t n_closed;	  /* windows whose last batch was returned */
	struct merge_batch *batches;
	uint64_t n_filled;   /* batches ever */
	uint64_t n_returned; /* batches ever; the caller may still look at the last of them */
	bool has_thread;
	struct handoff handoff;
};

/* Waits for a batch that nobody looks at. NULL: it is over. */
static struct merge_batch *merge_thread_empty_batch(struct merge_thread *t)
{
	struct merge_batch *b = NULL;

	handoff_lock(&t->handoff);
	/* merge_thread_next() counts its batch before it waits, so that the difference may be
	 * -1. */
	while ((int64_t)(t->n_filled - t->n_returned) >= (int64_t)BATCHES - 1 &&
	       !t->handoff.is_ending)
		handoff_wait_given(&t->handoff);
	if (!t->handoff.is_ending)
		b = &t->batches[t->n_filled % BATCHES];
	handoff_unlock(&t->handoff);
	return b;
}

static void merge_thread_return(struct merge_thread *t)
{
	handoff_lock(&t->handoff);
	t->n_filled++;
	handoff_return(&t->handoff);
	handoff_unlock(&t->handoff);
}

/* False: it is over. */
static bool merge_thread_use(struct merge_thread *t, struct merge_window *w)
{
	struct merge_batch *b;

	do {
		b = merge_thread_empty_batch(t);
		if (!b)
			return false;
		row_order_fill(&t->order, w, b);
		merge_thread_return(t);
	} while (!b->ends_window);
	return true;
}

/* Waits for a window. NULL: it is over. */
static struct merge_window *merge_thread_window(struct merge_thread *t)
{
	struct merge_window *w = NULL;

	handoff_lock(&t->handoff);
	while (t->n_used == t->n_given && !t->handoff.is_ending)
		handoff_wait_given(&t->handoff);
	if (!t->handoff.is_ending)
		w = &t->windows[t->n_used++ % WINDOWS];
	handoff_unlock(&t->handoff);
	return w;
}

static void *merge_thread_main(void *userdata)
{
	struct merge_thread *t = userdata;
	struct merge_window *w;

	while ((w = merge_thread_window(t)) && merge_thread_use(t, w))
		;
	return NULL;
}

bool merge_thread_has_room(const struct merge_thread *t)
{
	return t->n_given - t->n_closed < (t->has_thread ? WINDOWS : 1);
}

struct merge_window *merge_thread_open(struct merge_thread *t)
{
	struct merge_window *w = &t->windows[t->n_given % WINDOWS];

	assert(merge_thread_has_room(t));
	*w = (struct merge_window){.chunks = w->chunks, .cap_chunks = w->cap_chunks};
	return w;
}

void merge_thread_give(struct merge_thread *t)
{
	handoff_lock(&t->handoff);
	t->n_given++;
	handoff_give(&t->handoff);
	handoff_unlock(&t->handoff);
}

/* Returns the batch before, too. */
static struct merge_batch *merge_thread_wait(struct merge_thread *t)
{
	struct merge_batch *b = &t->batches[t->n_returned % BATCHES];

	handoff_lock(&t->handoff);
	t->n_returned++;
	handoff_give(&t->handoff);
	while (t->n_filled < t->n_returned)
		handoff_wait_returned(&t->handoff);
	handoff_unlock(&t->handoff);
	return b;
}

struct merge_batch *merge_thread_next(struct merge_thread *t)
{
	struct merge_batch *b = t->batches;

	if (t->n_closed == t->n_given)
		return NULL;
	if (t->has_thread)
		b = merge_thread_wait(t);
	else
		row_order_fill(&t->order, &t->windows[t->n_closed % WINDOWS], b);
	t->n_closed += b->ends_window;
	return b;
}

int merge_thread_new(struct chunk_cache *pool, bool has_thread, struct merge_thread **ret,
		     struct fault *fault)
{
	struct merge_thread *t CLEANUP(merge_thread_free_p) = calloc(1, sizeof(*t));
	int r;

	if (!t)
		return fault_no_memory(fault);
	t->pool = pool;
	t->has_thread = has_thread;
	r = handoff_init(&t->handoff, fault);
	if (r < 0)
		return r;
	t->batches = calloc(has_thread ? BATCHES : 1, sizeof(*t->batches));
	if (!t->batches)
		return fault_no_memory(fault);
	if (has_thread)
		r = handoff_start(&t->handoff, merge_thread_main, t, fault);
	if (r < 0)
		return r;
	*ret = TAKE(t);
	return 0;
}

struct merge_thread *merge_thread_free(struct merge_thread *t)
{
	if (!t)
		return NULL;
	handoff_done(&t->handoff);
	/* Batches that were not returned. */
	for (; t->n_returned < t->n_filled; t->n_returned++)
		merge_batch_free_spent(&t->batches[t->n_returned % BATCHES], t->pool);
	for (size_t i = 0; i < WINDOWS; i++)
		merge_window_done(&t->windows[i], t->pool);
	row_order_done(&t->order, t->pool);
	free(t->batches);
	free(t);
	return NULL;
}
