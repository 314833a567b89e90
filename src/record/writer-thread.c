// SPDX-License-Identifier: MIT
/*
 * writer-thread: two lists of batches under one lock. After a failure batches are still taken and
 * given, but nothing more is written.
 */
#include "record/writer-thread.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/handoff.h"

struct writer_thread {
	struct writer_thread_options options;
	struct block_scratch scratch;
	struct batch **batches; /* all of them, owned */
	size_t n_batches;

	/* With the lock held. */
	struct handoff handoff;
	struct batch **free; /* a stack */
	size_t n_free;
	struct batch **full; /* a queue: full[0] is the oldest */
	size_t n_full;

	bool is_failed;	      /* atomic */
	uint64_t rows, bytes; /* atomic */
	struct fault fault;   /* the thread's, until it has ended */
	int wake_fd;
};

/* Waits for a batch to write. NULL: it is over, and all are written. */
static struct batch *writer_thread_next(struct writer_thread *w)
{
	struct batch *b = NULL;

	handoff_lock(&w->handoff);
	while (!w->n_full && !w->handoff.is_ending)
		handoff_wait_given(&w->handoff);
	if (w->n_full) {
		b = w->full[0];
		w->n_full--;
		for (size_t i = 0; i < w->n_full; i++)
			w->full[i] = w->full[i + 1];
	}
	handoff_unlock(&w->handoff);
	return b;
}

static void writer_thread_wake(struct writer_thread *w)
{
	uint64_t one = 1;
	ssize_t n = write(w->wake_fd, &one, sizeof(one));

	/* write(2) fails only when the counter is full, and the descriptor is readable then. */
	(void)n;
}

static void writer_thread_write(struct writer_thread *w, struct batch *b, uint64_t *rows)
{
	if (!w->fault.code) {
		int r = block_write(b, &w->options.block, &w->scratch, rows, &w->fault);

		if (r < 0)
			fault_errno(&w->fault, r, "writing the tape");
	}
	__atomic_store_n(&w->rows, *rows, __ATOMIC_RELAXED);
	__atomic_store_n(&w->bytes, tape_writer_bytes(w->options.block.writer), __ATOMIC_RELAXED);
	if (w->fault.code)
		__atomic_store_n(&w->is_failed, true, __ATOMIC_RELAXED);
}

static void *writer_thread_main(void *userdata)
{
	struct writer_thread *w = userdata;
	uint64_t rows = 0;
	struct batch *b;

	while ((b = writer_thread_next(w))) {
		writer_thread_write(w, b, &rows);
		batch_reset(b);
		handoff_lock(&w->handoff);
		w->free[w->n_free++] = b;
		handoff_unlock(&w->handoff);
		writer_thread_wake(w);
	}
	return NULL;
}

static int writer_thread_make_batches(struct writer_thread *w)
{
	size_t n = w->options.n_batches;

	w->batches = calloc(n, sizeof(struct batch *));
	w->free = calloc(n, sizeof(struct batch *));
	w->full = calloc(n, sizeof(struct batch *));
	if (!w->batches || !w->free || !w->full)
		return -ENOMEM;
	for (; w->n_batches < n; w->n_batches++) {
		int r = batch_new(w->options.n_tracepoints, &w->batches[w->n_batches]);

		if (r < 0)
			return r;
		w->free[w->n_free++] = w->batches[w->n_batches];
	}
	return 0;
}

int writer_thread_start(const struct writer_thread_options *o, struct writer_thread **ret,
			struct fault *fault)
{
	struct writer_thread *w CLEANUP(writer_thread_free_p) = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return fault_no_memory(fault);
	w->options = *o;
	w->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->wake_fd < 0)
		return fault_errno(fault, -errno, "eventfd");
	if (writer_thread_make_batches(w) < 0)
		return fault_no_memory(fault);
	w->bytes = tape_writer_bytes(o->block.writer);
	r = handoff_init(&w->handoff, fault);
	if (!r)
		r = handoff_start(&w->handoff, writer_thread_main, w, fault);
	if (r < 0)
		return r;
	*ret = TAKE(w);
	return 0;
}

struct writer_thread *writer_thread_free(struct writer_thread *w)
{
	if (w) {
		handoff_done(&w->handoff);
		for (size_t i = 0; i < w->n_batches; i++)
			batch_free(w->batches[i]);
		free(w->batches);
		free(w->free);
		free(w->full);
		block_scratch_done(&w->scratch);
		if (w->wake_fd >= 0)
			close(w->wake_fd);
		free(w);
	}
	return NULL;
}

struct batch *writer_thread_take(struct writer_thread *w)
{
	struct batch *b = NULL;

	handoff_lock(&w->handoff);
	if (w->n_free)
		b = w->free[--w->n_free];
	handoff_unlock(&w->handoff);
	return b;
}

void writer_thread_give(struct writer_thread *w, struct batch *take_b)
{
	handoff_lock(&w->handoff);
	assert(w->n_full < w->n_batches);
	w->full[w->n_full++] = take_b;
	handoff_give(&w->handoff);
	handoff_unlock(&w->handoff);
}

int writer_thread_wake_fd(const struct writer_thread *w)
{
	return w->wake_fd;
}

void writer_thread_wake_clear(struct writer_thread *w)
{
	uint64_t count;
	ssize_t n = read(w->wake_fd, &count, sizeof(count));

	(void)n;
}

bool writer_thread_has_failed(const struct writer_thread *w)
{
	return __atomic_load_n(&w->is_failed, __ATOMIC_RELAXED);
}

uint64_t writer_thread_rows(const struct writer_thread *w)
{
	return __atomic_load_n(&w->rows, __ATOMIC_RELAXED);
}

uint64_t writer_thread_bytes(const struct writer_thread *w)
{
	return __atomic_load_n(&w->bytes, __ATOMIC_RELAXED);
}

int writer_thread_stop(struct writer_thread *w, struct fault *fault)
{
	handoff_end(&w->handoff);
	if (w->fault.code)
		return fault_set(fault, w->fault.code, "%s", w->fault.text);
	return 0;
}
