/* SPDX-License-Identifier: MIT */
/*
 * writer-thread: a thread that turns batches into blocks of the tape: it anonymises, encodes,
 * compresses and writes them. Meanwhile the record loop fills other batches, and waits only when
 * none is free. Between writer_thread_start() and writer_thread_stop() only this thread may use
 * the tape writer and the anonymiser.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/batch.h"
#include "record/block.h"

struct writer_thread;

struct writer_thread_options {
	struct block_writer block;
	size_t n_tracepoints;
	size_t n_batches;
};

/* The caller has blocked the signals that the thread must not receive. */
int writer_thread_start(const struct writer_thread_options *o, struct writer_thread **ret,
			struct fault *fault) MUST_CHECK;
/* Ends the thread, which first writes the batches that it was given. */
struct writer_thread *writer_thread_free(struct writer_thread *w);
DEFINE_CLEANUP(struct writer_thread, writer_thread_free);

/* Takes an empty batch; NULL: all are in use. */
struct batch *writer_thread_take(struct writer_thread *w);
/* Hands over a batch, which is written after all batches handed over before. */
void writer_thread_give(struct writer_thread *w, struct batch *take_b);
/* A descriptor that becomes readable when a batch is free again or writing has failed, until
 * writer_thread_wake_clear(). */
int writer_thread_wake_fd(const struct writer_thread *w);
void writer_thread_wake_clear(struct writer_thread *w);
bool writer_thread_has_failed(const struct writer_thread *w);
/* Rows that are on the tape so far. */
uint64_t writer_thread_rows(const struct writer_thread *w);
/* Bytes of the tape so far. */
uint64_t writer_thread_bytes(const struct writer_thread *w);

/* Waits until all batches that were handed over are written, and ends the thread. Returns the first
 * failure of writing, or 0. */
int writer_thread_stop(struct writer_thread *w, struct fault *fault) MUST_CHECK;
