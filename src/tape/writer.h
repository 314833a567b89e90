/* SPDX-License-Identifier: MIT */
/*
 * writer: appends sections to a sink: numbers them, compresses and sums them, remembers them for
 * the index. Not thread-safe: one thread owns it at a time. After a failed write it refuses
 * everything else with the same code.
 */
#pragma once

#include <stdint.h>

#include "format/chunk.h"
#include "format/records.h"
#include "format/section.h"
#include "tape/sink.h"

struct tape_writer;

/* level is zstd's, 1 by default; with 0 every payload is stored as it is. The sink is borrowed. */
int tape_writer_new(struct sink *sink, int level, struct tape_writer **ret,
		    struct fault *fault) MUST_CHECK;
struct tape_writer *tape_writer_free(struct tape_writer *w);
DEFINE_CLEANUP(struct tape_writer, tape_writer_free);

/* One section. The payload is stored as it is when compression does not make it smaller. */
struct section_spec {
	uint16_t kind;
	uint32_t subject;
	uint32_t count;
	uint64_t time_from;
	uint64_t time_to;
};
int tape_writer_section(struct tape_writer *w, const struct section_spec *spec, const void *payload,
			size_t len, struct fault *fault) MUST_CHECK;

/* A section of another tape, its stored payload (header->stored_len bytes) as it is; only its
 * sequence is new. */
int tape_writer_stored(struct tape_writer *w, const struct section_header *header,
		       const void *stored, struct fault *fault) MUST_CHECK;

/*
 * Rows on their way to the tape: rows of one tracepoint and one length, in the order they came
 * out of the rings. The arrays are the caller's; n_rows entries each.
 */
struct chunk_rows {
	uint32_t tracepoint;
	uint16_t row_len;
	uint32_t n_rows;
	const uint8_t *rows; /* row_len bytes each, back to back */
	const uint64_t *times;
	const uint32_t *chains; /* NULL: this tracepoint has no chains */
	uint32_t n_runs;
	const struct chunk_run *runs; /* first_ts is filled in by the writer */
};
/* One CHUNK section; more than fits TAPE_RAW_MAX is divided. */
int tape_writer_chunk(struct tape_writer *w, const struct chunk_rows *rows,
		      struct fault *fault) MUST_CHECK;
/* Ends the block: MARK with n_chunks and n_rows filled in by the writer (since the last mark). */
int tape_writer_mark(struct tape_writer *w, uint64_t complete_until, uint64_t drained_ns,
		     struct fault *fault) MUST_CHECK;
/* INDEX and TRAILER. Nothing may follow. */
int tape_writer_finish(struct tape_writer *w, struct fault *fault) MUST_CHECK;
uint64_t tape_writer_bytes(const struct tape_writer *w);
