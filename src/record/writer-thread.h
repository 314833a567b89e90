/* SPDX-License-Identifier: MIT */
/*
 * writer-thread: a thread that turns batches into blocks of the tape: addresses out, symbols and chains
 * first, then columns, compression, write. The record loop fills batches meanwhile and never waits for
 * it while one is free. From writer_thread_start to writer_thread_stop the writer and the anonymiser are the
 * writer thread's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/batch.h"
#include "record/anonymise.h"
#include "tape/writer.h"

struct writer_thread;

/* Where addresses are in the rows of one tracepoint. */
#define WRITER_THREAD_FIELDS_MAX 48u
struct writer_thread_tracepoint {
	struct anonymise_field fields[WRITER_THREAD_FIELDS_MAX];
	size_t n_fields;
};

struct writer_thread_options {
	struct tape_writer *writer; /* borrowed, all of these */
	struct anonymiser *anonymiser;
	const struct writer_thread_tracepoint *tracepoints; /* by index */
	size_t n_tracepoints;
	size_t n_batches;
};

/* Signals are the caller's thread's only when it has blocked them before. */
int writer_thread_start(const struct writer_thread_options *o, struct writer_thread **ret,
			struct fault *fault) MUST_CHECK;
/* Drops what was not written, and the writer thread. */
struct writer_thread *writer_thread_free(struct writer_thread *p);
DEFINE_CLEANUP(struct writer_thread, writer_thread_free);

/* An empty batch, or NULL: all are on their way. */
struct batch *writer_thread_take(struct writer_thread *p);
/* To be written, behind those given before. */
void writer_thread_give(struct writer_thread *p, struct batch *take_b);
/* Readable when a batch has become free, or writing failed, since the last writer_thread_wake_clear. */
int writer_thread_wake_fd(const struct writer_thread *p);
void writer_thread_wake_clear(struct writer_thread *p);
bool writer_thread_has_failed(const struct writer_thread *p);
/* Rows that are on the tape. */
uint64_t writer_thread_rows(const struct writer_thread *p);
/* Bytes of the tape so far. */
uint64_t writer_thread_bytes(const struct writer_thread *p);

/* Waits until everything given is written, and ends the thread. The verdict on all writing. */
int writer_thread_stop(struct writer_thread *p, struct fault *fault) MUST_CHECK;
