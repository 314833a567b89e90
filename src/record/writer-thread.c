// SPDX-License-Identifier: MIT
/*
 * writer-thread: two lists of batches under one lock. A failure is final: batches are still taken
 * and given, but nothing more is written.
 */
#include "record/writer-thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "record/block.h"

struct writer_thread {
	struct writer_thread_options options;
	struct block_scratch scratch;
	struct batch **batches; /* all of them, owned */
	size_t n_batches;

	pthread_mutex_t lock;
	pthread_cond_t given;
	struct batch **free; /* a stack */
	size_t n_free;
	struct batch **full; /* a queue: full[0] is the oldest */
	size_t n_full;
	bool is_ending;
	bool is_failed; /* also read without the lock */

	uint64_t rows, bytes; /* atomic */
	struct fault fault;   /* the thread's, until it has ended */
	int wake_fd;
	pthread_t thread;
	bool has_thread;
	bool has_lock;
};

static struct batch *batch_next(struct writer_thread *t)
{
	struct batch *b = NULL;

	pthread_mutex_lock(&t->lock);
	while (!t->n_full && !t->is_ending)
		pthread_cond_wait(&t->given, &t->lock);
	if (t->n_full) {
		b = t->full[0];
		t->n_full--;
		for (size_t i = 0; i < t->n_full; i++)
			t->full[i] = t->full[i + 1];
	}
	pthread_mutex_unlock(&t->lock);
	return b;
}

static void wake_up(struct writer_thread *t)
{
	uint64_t one = 1;
	ssize_t n = write(t->wake_fd, &one, sizeof(one));

	/* The write fails only when the count is at its limit, and then the descriptor is
	 * readable. */
	(void)n;
}

static void *writer_thread_main(void *userdata)
{
	struct writer_thread *t = userdata;
	uint64_t rows = 0;
	struct batch *b;

	while ((b = batch_next(t))) {
		if (!t->fault.code) {
			int r = block_write(b, &t->options, &t->scratch, &rows, &t->fault);

			if (r < 0)
				fault_errno(&t->fault, r, "writing the tape");
		}
		__atomic_store_n(&t->rows, rows, __ATOMIC_RELAXED);
		__atomic_store_n(&t->bytes, tape_writer_bytes(t->options.writer), __ATOMIC_RELAXED);
		batch_reset(b);
		pthread_mutex_lock(&t->lock);
		t->free[t->n_free++] = b;
		if (t->fault.code)
			__atomic_store_n(&t->is_failed, true, __ATOMIC_RELAXED);
		pthread_mutex_unlock(&t->lock);
		wake_up(t);
	}
	return NULL;
}

static int batches_new(struct writer_thread *t)
{
	size_t n = t->options.n_batches;

	t->batches = calloc(n, sizeof(struct batch *));
	t->free = calloc(n, sizeof(struct batch *));
	t->full = calloc(n, sizeof(struct batch *));
	if (!t->batches || !t->free || !t->full)
		return -ENOMEM;
	for (; t->n_batches < n; t->n_batches++) {
		int r = batch_new(t->options.n_tracepoints, &t->batches[t->n_batches]);

		if (r < 0)
			return r;
		t->free[t->n_free++] = t->batches[t->n_batches];
	}
	return 0;
}

int writer_thread_start(const struct writer_thread_options *o, struct writer_thread **ret,
			struct fault *fault)
{
	struct writer_thread *t CLEANUP(writer_thread_free_p) = calloc(1, sizeof(*t));
	int r;

	if (!t)
		return fault_no_memory(fault);
	t->options = *o;
	t->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (t->wake_fd < 0)
		return fault_errno(fault, -errno, "eventfd");
	if (batches_new(t) < 0)
		return fault_no_memory(fault);
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->given, NULL);
	t->has_lock = true;
	t->bytes = tape_writer_bytes(o->writer);
	r = pthread_create(&t->thread, NULL, writer_thread_main, t);
	if (r)
		return fault_errno(fault, -r, "starting a thread");
	t->has_thread = true;
	*ret = TAKE(t);
	return 0;
}

static void thread_end(struct writer_thread *t)
{
	if (!t->has_thread)
		return;
	pthread_mutex_lock(&t->lock);
	t->is_ending = true;
	pthread_cond_signal(&t->given);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->thread, NULL);
	t->has_thread = false;
}

struct writer_thread *writer_thread_free(struct writer_thread *t)
{
	if (t) {
		thread_end(t);
		if (t->has_lock) {
			pthread_mutex_destroy(&t->lock);
			pthread_cond_destroy(&t->given);
		}
		for (size_t i = 0; i < t->n_batches; i++)
			batch_free(t->batches[i]);
		free(t->batches);
		free(t->free);
		free(t->full);
		block_scratch_done(&t->scratch);
		if (t->wake_fd >= 0)
			close(t->wake_fd);
		free(t);
	}
	return NULL;
}

struct batch *writer_thread_take(struct writer_thread *t)
{
	struct batch *b = NULL;

	pthread_mutex_lock(&t->lock);
	if (t->n_free)
		b = t->free[--t->n_free];
	pthread_mutex_unlock(&t->lock);
	return b;
}

void writer_thread_give(struct writer_thread *t, struct batch *take_b)
{
	pthread_mutex_lock(&t->lock);
	t->full[t->n_full++] = take_b;
	pthread_cond_signal(&t->given);
	pthread_mutex_unlock(&t->lock);
}

int writer_thread_wake_fd(const struct writer_thread *t)
{
	return t->wake_fd;
}

void writer_thread_wake_clear(struct writer_thread *t)
{
	uint64_t count;
	ssize_t n = read(t->wake_fd, &count, sizeof(count));

	(void)n;
}

bool writer_thread_has_failed(const struct writer_thread *t)
{
	return __atomic_load_n(&t->is_failed, __ATOMIC_RELAXED);
}

uint64_t writer_thread_rows(const struct writer_thread *t)
{
	return __atomic_load_n(&t->rows, __ATOMIC_RELAXED);
}

uint64_t writer_thread_bytes(const struct writer_thread *t)
{
	return __atomic_load_n(&t->bytes, __ATOMIC_RELAXED);
}

int writer_thread_stop(struct writer_thread *t, struct fault *fault)
{
	thread_end(t);
	if (t->fault.code)
		return fault_set(fault, t->fault.code, "%s", t->fault.text);
	return 0;
}
