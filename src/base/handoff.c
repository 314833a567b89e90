// SPDX-License-Identifier: MIT
#include "base/handoff.h"

#include <assert.h>

static void conds_destroy(struct handoff *h, size_t n)
{
	if (n > 1)
		pthread_cond_destroy(&h->returned);
	if (n > 0)
		pthread_cond_destroy(&h->given);
	pthread_mutex_destroy(&h->lock);
}

int handoff_init(struct handoff *h, struct fault *fault)
{
	int r;

	*h = (struct handoff){0};
	r = pthread_mutex_init(&h->lock, NULL);
	if (r)
		return fault_errno(fault, -r, "making a lock");
	r = pthread_cond_init(&h->given, NULL);
	if (r) {
		conds_destroy(h, 0);
		return fault_errno(fault, -r, "making a lock");
	}
	r = pthread_cond_init(&h->returned, NULL);
	if (r) {
		conds_destroy(h, 1);
		return fault_errno(fault, -r, "making a lock");
	}
	h->has_lock = true;
	return 0;
}

int handoff_start(struct handoff *h, void *(*run)(void *userdata), void *userdata,
		  struct fault *fault)
{
	int r;

	assert(h->has_lock && h->n_threads < HANDOFF_THREADS_MAX);
	r = pthread_create(&h->threads[h->n_threads], NULL, run, userdata);
	if (r)
		return fault_errno(fault, -r, "starting a thread");
	h->n_threads++;
	return 0;
}

void handoff_end(struct handoff *h)
{
	if (!h->has_lock)
		return;
	handoff_lock(h);
	h->is_ending = true;
	pthread_cond_broadcast(&h->given);
	handoff_unlock(h);
	while (h->n_threads)
		pthread_join(h->threads[--h->n_threads], NULL);
}

void handoff_done(struct handoff *h)
{
	handoff_end(h);
	if (h->has_lock)
		conds_destroy(h, 2);
	*h = (struct handoff){0};
}
