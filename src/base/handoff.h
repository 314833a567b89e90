/* SPDX-License-Identifier: MIT */
/*
 * handoff: how an owner and the threads that work for it hand things over: one lock, a signal in
 * each direction, and a common end. What is handed over stands in the owner's own struct and is
 * touched with the lock held only.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

#define HANDOFF_THREADS_MAX 8u

/* {0} is a valid one that was not initialised: handoff_done may be called. */
struct handoff {
	pthread_mutex_t lock;
	pthread_cond_t given;	 /* to the threads */
	pthread_cond_t returned; /* to the owner */
	bool has_lock;
	bool is_ending; /* with the lock held */
	pthread_t threads[HANDOFF_THREADS_MAX];
	size_t n_threads;
};

int handoff_init(struct handoff *h, struct fault *fault) MUST_CHECK;
/* Ends the threads, and releases the lock. */
void handoff_done(struct handoff *h);

/* Starts one more thread; there may be HANDOFF_THREADS_MAX. 0 or -errno. */
int handoff_start(struct handoff *h, void *(*run)(void *userdata), void *userdata,
		  struct fault *fault) MUST_CHECK;
/* Sets is_ending, wakes all threads, and waits until they have returned. */
void handoff_end(struct handoff *h);

static inline void handoff_lock(struct handoff *h)
{
	pthread_mutex_lock(&h->lock);
}

static inline void handoff_unlock(struct handoff *h)
{
	pthread_mutex_unlock(&h->lock);
}

/* The next four are called with the lock held. A wait may end without a signal. */

/* A thread waits until the owner has given something, or has begun to end. */
static inline void handoff_wait_given(struct handoff *h)
{
	pthread_cond_wait(&h->given, &h->lock);
}

/* The owner has given something that any one thread can take. */
static inline void handoff_give(struct handoff *h)
{
	pthread_cond_signal(&h->given);
}

/* The owner waits until a thread has returned something. */
static inline void handoff_wait_returned(struct handoff *h)
{
	pthread_cond_wait(&h->returned, &h->lock);
}

/* A thread has returned something. */
static inline void handoff_return(struct handoff *h)
{
	pthread_cond_signal(&h->returned);
}
