// SPDX-License-Identifier: MIT
/*
 * order: two rings under one lock, windows on their way to the thread and batches on their way
 * back.
 */
#include "merge/merge-thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "merge/run-heap.h"

#define BATCHES 4u

struct order {
	struct held_pool *pool;
	struct order_window windows[ORDER_WINDOWS];
	uint64_t n_given, n_used; /* windows ever */
	uint64_t n_closed;	  /* windows whose last batch was taken */
	struct order_batch *batches;
	uint64_t n_made, n_taken; /* batches ever; the last one taken may still be looked at */
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
static struct order_batch *empty_batch(struct order *o)
{
	struct order_batch *b = NULL;

	pthread_mutex_lock(&o->lock);
	/* Whoever waits has taken one more than there is. */
	while ((int64_t)(o->n_made - o->n_taken) >= (int64_t)BATCHES - 1 && !o->is_ending)
		pthread_cond_wait(&o->moved, &o->lock);
	if (!o->is_ending)
		b = &o->batches[o->n_made % BATCHES];
	pthread_mutex_unlock(&o->lock);
	if (b) {
		b->n_rows = b->n_spent = 0;
		b->ends_window = false;
	}
	return b;
}

static void send_batch(struct order *o)
{
	pthread_mutex_lock(&o->lock);
	o->n_made++;
	pthread_cond_broadcast(&o->moved);
	pthread_mutex_unlock(&o->lock);
}

static bool may_go(const struct order *o, const struct order_window *w)
{
	return o->heap.n && (o->heap.entries[0].ts < w->limit || w->is_last ||
			     (w->is_too_much && o->heap_bytes > ORDER_KEEP_BYTES));
}

static void fill(struct order *o, const struct order_window *w, struct order_batch *b)
{
	while (b->n_rows < ORDER_BATCH && may_go(o, w)) {
		struct held_chunk *spent;

		run_heap_row(&o->heap, &b->rows[b->n_rows++]);
		spent = run_heap_advance(&o->heap);
		if (spent) {
			o->heap_bytes -= spent->bytes;
			b->spent[b->n_spent++] = spent;
		}
	}
}

/* Takes a window's chunks in: 0 or -ENOMEM, and then the rest are still the window's. */
static int take_in(struct order *o, struct order_window *w)
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
static bool use_window(struct order *o, struct order_window *w)
{
	struct order_batch *b;
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
static struct order_window *next_window(struct order *o)
{
	struct order_window *w = NULL;

	pthread_mutex_lock(&o->lock);
	while (o->n_used == o->n_given && !o->is_ending)
		pthread_cond_wait(&o->moved, &o->lock);
	if (!o->is_ending)
		w = &o->windows[o->n_used++ % ORDER_WINDOWS];
	pthread_mutex_unlock(&o->lock);
	return w;
}

static void *order_main(void *userdata)
{
	struct order *o = userdata;
	struct order_window *w;

	while ((w = next_window(o)) && use_window(o, w))
		;
	return NULL;
}

bool order_has_room(const struct order *o)
{
	return o->n_given - o->n_closed < ORDER_WINDOWS;
}

struct order_window *order_open(struct order *o)
{
	struct order_window *w = &o->windows[o->n_given % ORDER_WINDOWS];

	*w = (struct order_window){.chunks = w->chunks, .cap_chunks = w->cap_chunks};
	return w;
}

int order_add(struct order_window *w, struct held_chunk *c)
{
	if (w->n_chunks == w->cap_chunks) {
		size_t cap = w->cap_chunks ? w->cap_chunks * 2 : 32;
		struct held_chunk **bigger = realloc(w->chunks, cap * sizeof(*bigger));

		if (!bigger)
			return -ENOMEM;
		w->chunks = bigger;
		w->cap_chunks = cap;
	}
	w->chunks[w->n_chunks++] = c;
	w->bytes += c->bytes;
	return 0;
}

void order_give(struct order *o)
{
	pthread_mutex_lock(&o->lock);
	o->n_given++;
	pthread_cond_broadcast(&o->moved);
	pthread_mutex_unlock(&o->lock);
}

const struct order_batch *order_next(struct order *o, int *ret_err)
{
	const struct order_batch *b;

	*ret_err = 0;
	if (o->n_closed == o->n_given)
		return NULL;
	b = &o->batches[o->n_taken % BATCHES];
	pthread_mutex_lock(&o->lock);
	/* The one before is given back with it. */
	o->n_taken++;
	pthread_cond_broadcast(&o->moved);
	while (o->n_made < o->n_taken)
		pthread_cond_wait(&o->moved, &o->lock);
	*ret_err = o->err;
	pthread_mutex_unlock(&o->lock);
	o->n_closed += b->ends_window;
	return b;
}

int order_new(struct held_pool *pool, struct order **ret, struct fault *fault)
{
	struct order *o CLEANUP(order_free_p) = calloc(1, sizeof(*o));
	int r;

	if (!o)
		return fault_set(fault, -ENOMEM, "out of memory");
	o->pool = pool;
	pthread_mutex_init(&o->lock, NULL);
	pthread_cond_init(&o->moved, NULL);
	o->batches = calloc(BATCHES, sizeof(*o->batches));
	if (!o->batches)
		return fault_set(fault, -ENOMEM, "out of memory");
	r = pthread_create(&o->thread, NULL, order_main, o);
	if (r)
		return fault_errno(fault, -r, "starting a thread");
	o->has_thread = true;
	*ret = TAKE(o);
	return 0;
}

/* A chunk is free when none of its runs has rows. */
static void free_heap(struct order *o)
{
	for (size_t i = 0; i < o->heap.n; i++) {
		struct held_chunk *c = o->heap.entries[i].run->chunk;

		if (!--c->n_live)
			held_chunk_free(o->pool, c);
	}
	run_heap_done(&o->heap);
}

struct order *order_free(struct order *o)
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
	for (; o->n_taken < o->n_made; o->n_taken++) {
		struct order_batch *b = &o->batches[o->n_taken % BATCHES];

		for (size_t i = 0; i < b->n_spent; i++)
			held_chunk_free(o->pool, b->spent[i]);
	}
	/* What is in the heap is in no window any more. */
	for (size_t i = 0; i < ORDER_WINDOWS; i++) {
		for (size_t k = 0; k < o->windows[i].n_chunks; k++)
			held_chunk_free(o->pool, o->windows[i].chunks[k]);
		free(o->windows[i].chunks);
	}
	free_heap(o);
	free(o->batches);
	pthread_mutex_destroy(&o->lock);
	pthread_cond_destroy(&o->moved);
	free(o);
	return NULL;
}
