/* SPDX-License-Identifier: MIT */
/*
 * scribe: a thread that turns batches into blocks of the tape: addresses out, symbols and chains
 * first, then columns, compression, write. The pump fills batches meanwhile and never waits for
 * it while one is free. From scribe_start to scribe_stop the writer and the scrub are the
 * scribe's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/batch.h"
#include "record/scrub.h"
#include "tape/writer.h"

struct scribe;

/* Where addresses are in the rows of one tracepoint. */
#define SCRIBE_FIELDS_MAX 48u
struct scribe_tracepoint {
	struct scrub_field fields[SCRIBE_FIELDS_MAX];
	size_t n_fields;
};

struct scribe_options {
	struct tape_writer *writer; /* borrowed, all of these */
	struct scrub *scrub;
	const struct scribe_tracepoint *tracepoints; /* by index */
	size_t n_tracepoints;
	size_t n_batches;
};

/* Signals are the caller's thread's only when it has blocked them before. */
int scribe_start(const struct scribe_options *o, struct scribe **ret,
		 struct fault *fault) MUST_CHECK;
/* Drops what was not written, and the scribe. */
struct scribe *scribe_free(struct scribe *p);
DEFINE_CLEANUP(struct scribe, scribe_free);

/* An empty batch, or NULL: all are on their way. */
struct batch *scribe_take(struct scribe *p);
/* To be written, behind those given before. */
void scribe_give(struct scribe *p, struct batch *take_b);
/* Readable when a batch has become free, or writing failed, since the last scribe_wake_clear. */
int scribe_wake_fd(const struct scribe *p);
void scribe_wake_clear(struct scribe *p);
bool scribe_has_failed(const struct scribe *p);
/* Rows that are on the tape. */
uint64_t scribe_rows(const struct scribe *p);
/* Bytes of the tape so far. */
uint64_t scribe_bytes(const struct scribe *p);

/* Waits until everything given is written, and ends the thread. The verdict on all writing. */
int scribe_stop(struct scribe *p, struct fault *fault) MUST_CHECK;
