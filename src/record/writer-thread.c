// SPDX-License-Identifier: MIT
/*
 * writer-thread: two lists of batches under one lock. A failure is final: batches still come and go, but
 * nothing more is written.
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

static struct batch *next_full(struct writer_thread *p)
{
	struct batch *b = NULL;

	pthread_mutex_lock(&p->lock);
	while (!p->n_full && !p->is_ending)
		pthread_cond_wait(&p->given, &p->lock);
	if (p->n_full) {
		b = p->full[0];
		p->n_full--;
		for (size_t i = 0; i < p->n_full; i++)
			p->full[i] = p->full[i + 1];
	}
	pthread_mutex_unlock(&p->lock);
	return b;
}

static void wake(struct writer_thread *p)
{
	uint64_t one = 1;
	ssize_t n = write(p->wake_fd, &one, sizeof(one));

	/* It only fails when it is readable as can be. */
	(void)n;
}

static void *writer_thread_main(void *userdata)
{
	struct writer_thread *p = userdata;
	uint64_t rows = 0;
	struct batch *b;

	while ((b = next_full(p))) {
		if (!p->fault.code) {
			int r = block_write(b, &p->options, &p->scratch, &rows, &p->fault);

			if (r < 0)
				fault_errno(&p->fault, r, "writing the tape");
		}
		__atomic_store_n(&p->rows, rows, __ATOMIC_RELAXED);
		__atomic_store_n(&p->bytes, tape_writer_bytes(p->options.writer), __ATOMIC_RELAXED);
		batch_reset(b);
		pthread_mutex_lock(&p->lock);
		p->free[p->n_free++] = b;
		if (p->fault.code)
			__atomic_store_n(&p->is_failed, true, __ATOMIC_RELAXED);
		pthread_mutex_unlock(&p->lock);
		wake(p);
	}
	return NULL;
}

static int make_batches(struct writer_thread *p)
{
	size_t n = p->options.n_batches;

	p->batches = calloc(n, sizeof(struct batch *));
	p->free = calloc(n, sizeof(struct batch *));
	p->full = calloc(n, sizeof(struct batch *));
	if (!p->batches || !p->free || !p->full)
		return -ENOMEM;
	for (; p->n_batches < n; p->n_batches++) {
		int r = batch_new(p->options.n_tracepoints, &p->batches[p->n_batches]);

		if (r < 0)
			return r;
		p->free[p->n_free++] = p->batches[p->n_batches];
	}
	return 0;
}

int writer_thread_start(const struct writer_thread_options *o, struct writer_thread **ret,
			struct fault *fault)
{
	struct writer_thread *p CLEANUP(writer_thread_free_p) = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return fault_no_memory(fault);
	p->options = *o;
	p->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (p->wake_fd < 0)
		return fault_errno(fault, -errno, "eventfd");
	if (make_batches(p) < 0)
		return fault_no_memory(fault);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->given, NULL);
	p->has_lock = true;
	p->bytes = tape_writer_bytes(o->writer);
	r = pthread_create(&p->thread, NULL, writer_thread_main, p);
	if (r)
		return fault_errno(fault, -r, "starting a thread");
	p->has_thread = true;
	*ret = TAKE(p);
	return 0;
}

static void end_thread(struct writer_thread *p)
{
	if (!p->has_thread)
		return;
	pthread_mutex_lock(&p->lock);
	p->is_ending = true;
	pthread_cond_signal(&p->given);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	p->has_thread = false;
}

struct writer_thread *writer_thread_free(struct writer_thread *p)
{
	if (p) {
		end_thread(p);
		if (p->has_lock) {
			pthread_mutex_destroy(&p->lock);
			pthread_cond_destroy(&p->given);
		}
		for (size_t i = 0; i < p->n_batches; i++)
			batch_free(p->batches[i]);
		free(p->batches);
		free(p->free);
		free(p->full);
		block_scratch_done(&p->scratch);
		if (p->wake_fd >= 0)
			close(p->wake_fd);
		free(p);
	}
	return NULL;
}

struct batch *writer_thread_take(struct writer_thread *p)
{
	struct batch *b = NULL;

	pthread_mutex_lock(&p->lock);
	if (p->n_free)
		b = p->free[--p->n_free];
	pthread_mutex_unlock(&p->lock);
	return b;
}

void writer_thread_give(struct writer_thread *p, struct batch *take_b)
{
	pthread_mutex_lock(&p->lock);
	p->full[p->n_full++] = take_b;
	pthread_cond_signal(&p->given);
	pthread_mutex_unlock(&p->lock);
}

int writer_thread_wake_fd(const struct writer_thread *p)
{
	return p->wake_fd;
}

void writer_thread_wake_clear(struct writer_thread *p)
{
	uint64_t count;
	ssize_t n = read(p->wake_fd, &count, sizeof(count));

	(void)n;
}

bool writer_thread_has_failed(const struct writer_thread *p)
{
	return __atomic_load_n(&p->is_failed, __ATOMIC_RELAXED);
}

uint64_t writer_thread_rows(const struct writer_thread *p)
{
	return __atomic_load_n(&p->rows, __ATOMIC_RELAXED);
}

uint64_t writer_thread_bytes(const struct writer_thread *p)
{
	return __atomic_load_n(&p->bytes, __ATOMIC_RELAXED);
}

int writer_thread_stop(struct writer_thread *p, struct fault *fault)
{
	end_thread(p);
	if (p->fault.code)
		return fault_set(fault, p->fault.code, "%s", p->fault.text);
	return 0;
}
