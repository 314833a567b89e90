// SPDX-License-Identifier: MIT
/*
 * merge-thread: two rings under one lock, windows on their way to the thread and batches on their way
 * back.
 */
#include "merge/merge-thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/vec.h"
#include "merge/run-heap.h"

#define BATCHES 4u

struct merge_thread {
	struct chunk_cache *pool;
	struct merge_thread_window windows[MERGE_THREAD_WINDOWS];
	uint64_t n_given, n_used; /* windows ever */
	uint64_t n_closed;	  /* windows whose last batch was taken */
	struct merge_thread_batch *batches;
	uint64_t n_synthetic, n_taken; /* batches ever; the last one taken may still be looked at */
	pthread_mutex_t lock;
	pthread_cond_t moved;
	bool is_ending;
	int err;
	bool has_thread;
	pthread_t thread;

	/* The thread's. */
	struct run_heap heap;
	size_t heap_bytes; /* of chunks in it */
};

/* Waits for a batch that nobody looks at; NULL: it is over. */
static struct merge_thread_batch *empty_batch(struct merge_thread *o)
{
	struct merge_thread_batch *b = NULL;

	pthread_mutex_lock(&o->lock);
	/* Whoever waits has taken one more than there is. */
	while ((int64_t)(o->n_synthetic - o->n_taken) >= (int64_t)BATCHES - 1 && !o->is_ending)
		pthread_cond_wait(&o->moved, &o->lock);
	if (!o->is_ending)
		b = &o->batches[o->n_synthetic % BATCHES];
	pthread_mutex_unlock(&o->lock);
	if (b) {
		b->n_rows = b->n_spent = 0;
		b->ends_window = false;
	}
	return b;
}

static void send_batch(struct merge_thread *o)
{
	pthread_mutex_lock(&o->lock);
	o->n_synthetic++;
	pthread_cond_broadcast(&o->moved);
	pthread_mutex_unlock(&o->lock);
}

static bool may_go(const struct merge_thread *o, const struct merge_thread_window *w)
{
	return o->heap.n && (o->heap.entries[0].ts < w->limit || w->is_last ||
			     (w->is_too_much && o->heap_bytes > MERGE_THREAD_KEEP_BYTES));
}

static void fill(struct merge_thread *o, const struct merge_thread_window *w,
		 struct merge_thread_batch *b)
{
	while (b->n_rows < MERGE_BATCH_ROWS && may_go(o, w)) {
		struct cached_chunk *spent;

		run_heap_row(&o->heap, &b->rows[b->n_rows++]);
		spent = run_heap_advance(&o->heap);
		if (spent) {
			o->heap_bytes -= spent->bytes;
			b->spent[b->n_spent++] = spent;
		}
	}
}

/* Takes a window's chunks in: 0 or -ENOMEM, and then the rest are still the window's. */
static int take_in(struct merge_thread *o, struct merge_thread_window *w)
{
	size_t i = 0;

	for (; i < w->n_chunks && !run_heap_add(&o->heap, w->chunks[i]); i++)
		o->heap_bytes += w->chunks[i]->bytes;
	w->n_chunks -= i;
	for (size_t k = 0; k < w->n_chunks; k++)
		w->chunks[k] = w->chunks[i + k];
	return w->n_chunks ? -ENOMEM : 0;
}

/* False when it is over. */
static bool use_window(struct merge_thread *o, struct merge_thread_window *w)
{
	struct merge_thread_batch *b;
	int err = take_in(o, w);

	do {
		b = empty_batch(o);
		if (!b)
			return false;
		if (!err)
			fill(o, w, b);
		b->limit = w->limit;
		b->ends_window = err || !may_go(o, w);
		if (err)
			o->err = err;
		send_batch(o);
	} while (!b->ends_window);
	return !err;
}

/* Waits for a window; NULL: it is over. */
static struct merge_thread_window *next_window(struct merge_thread *o)
{
	struct merge_thread_window *w = NULL;

	pthread_mutex_lock(&o->lock);
	while (o->n_used == o->n_given && !o->is_ending)
		pthread_cond_wait(&o->moved, &o->lock);
	if (!o->is_ending)
		w = &o->windows[o->n_used++ % MERGE_THREAD_WINDOWS];
	pthread_mutex_unlock(&o->lock);
	return w;
}

static void *merge_thread_main(void *userdata)
{
	struct merge_thread *o = userdata;
	struct merge_thread_window *w;

	while ((w = next_window(o)) && use_window(o, w))
		;
	return NULL;
}

bool merge_thread_has_room(const struct merge_thread *o)
{
	return o->n_given - o->n_closed < MERGE_THREAD_WINDOWS;
}

struct merge_thread_window *merge_thread_open(struct merge_thread *o)
{
	struct merge_thread_window *w = &o->windows[o->n_given % MERGE_THREAD_WINDOWS];

	*w = (struct merge_thread_window){.chunks = w->chunks, .cap_chunks = w->cap_chunks};
	return w;
}

int merge_thread_add(struct merge_thread_window *w, struct cached_chunk *c)
{
	int r = vec_reserve(w->chunks, w->cap_chunks, w->n_chunks + 1);

	if (r < 0)
		return r;
	w->chunks[w->n_chunks++] = c;
	w->bytes += c->bytes;
	return 0;
}

void merge_thread_give(struct merge_thread *o)
{
	pthread_mutex_lock(&o->lock);
	o->n_given++;
	pthread_cond_broadcast(&o->moved);
	pthread_mutex_unlock(&o->lock);
}

const struct merge_thread_batch *merge_thread_next(struct merge_thread *o, int *ret_err)
{
	const struct merge_thread_batch *b;

	*ret_err = 0;
	if (o->n_closed == o->n_given)
		return NULL;
	b = &o->batches[o->n_taken % BATCHES];
	pthread_mutex_lock(&o->lock);
	/* The one before is given back with it. */
	o->n_taken++;
	pthread_cond_broadcast(&o->moved);
	while (o->n_synthetic < o->n_taken)
		pthread_cond_wait(&o->moved, &o->lock);
	*ret_err = o->err;
	pthread_mutex_unlock(&o->lock);
	o->n_closed += b->ends_window;
	return b;
}

int merge_thread_new(struct chunk_cache *pool, struct merge_thread **ret, struct fault *fault)
{
	struct merge_thread *o CLEANUP(merge_thread_free_p) = calloc(1, sizeof(*o));
	int r;

	if (!o)
		return fault_set(fault, -ENOMEM, "out of memory");
	o->pool = pool;
	pthread_mutex_init(&o->lock, NULL);
	pthread_cond_init(&o->moved, NULL);
	o->batches = calloc(BATCHES, sizeof(*o->batches));
	if (!o->batches)
		return fault_set(fault, -ENOMEM, "out of memory");
	r = pthread_create(&o->thread, NULL, merge_thread_main, o);
	if (r)
		return fault_errno(fault, -r, "starting a thread");
	o->has_thread = true;
	*ret = TAKE(o);
	return 0;
}

/* A chunk is free when none of its runs has rows. */
static void free_heap(struct merge_thread *o)
{
	for (size_t i = 0; i < o->heap.n; i++) {
		struct cached_chunk *c = o->heap.entries[i].run->chunk;

		if (!--c->n_live)
			cached_chunk_free(o->pool, c);
	}
	run_heap_done(&o->heap);
}

struct merge_thread *merge_thread_free(struct merge_thread *o)
{
	if (!o)
		return NULL;
	pthread_mutex_lock(&o->lock);
	o->is_ending = true;
	pthread_cond_broadcast(&o->moved);
	pthread_mutex_unlock(&o->lock);
	if (o->has_thread)
		pthread_join(o->thread, NULL);
	/* Batches that nobody took. */
	for (; o->n_taken < o->n_synthetic; o->n_taken++) {
		struct merge_thread_batch *b = &o->batches[o->n_taken % BATCHES];

		for (size_t i = 0; i < b->n_spent; i++)
			cached_chunk_free(o->pool, b->spent[i]);
	}
	/* What is in the heap is in no window any more. */
	for (size_t i = 0; i < MERGE_THREAD_WINDOWS; i++) {
		for (size_t k = 0; k < o->windows[i].n_chunks; k++)
			cached_chunk_free(o->pool, o->windows[i].chunks[k]);
		free(o->windows[i].chunks);
	}
	free_heap(o);
	free(o->batches);
	pthread_mutex_destroy(&o->lock);
	pthread_cond_destroy(&o->moved);
	free(o);
	return NULL;
}
