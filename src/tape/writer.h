/* SPDX-License-Identifier: MIT */
/*
 * writer: appends sections to a sink. It numbers and compresses them, adds their checksums, and
 * remembers them for the INDEX. One thread uses a writer at a time. After a failed write every
 * other call fails with the same code.
 */
#pragma once

#include <stdint.h>

#include "format/records.h"
#include "format/section.h"
#include "tape/chunk-rows.h"
#include "tape/sink.h"

struct tape_writer;

/* level is zstd's, 1 by default; with 0 every payload is stored as it is. The sink is borrowed. */
int tape_writer_new(struct sink *sink, int level, struct tape_writer **ret,
		    struct fault *fault) MUST_CHECK;
struct tape_writer *tape_writer_free(struct tape_writer *w);
DEFINE_CLEANUP(struct tape_writer, tape_writer_free);

/* The part of a section's header that the caller chooses; the writer fills in the rest. */
struct section_spec {
	uint16_t kind;
	uint32_t subject;
	uint32_t count;
	uint64_t time_from;
	uint64_t time_to;
};
/* Writes one section. Its payload is stored as it is if compression does not make it smaller.
 * -EINVAL: it is longer than TAPE_RAW_MAX. */
int tape_writer_section(struct tape_writer *w, const struct section_spec *spec, const void *payload,
			size_t len, struct fault *fault) MUST_CHECK;

/* Writes a section that is compressed already, such as one of another tape: its header with a new
 * sequence number, and header->stored_len bytes of payload as they are. */
int tape_writer_stored(struct tape_writer *w, const struct section_header *header,
		       const void *stored, struct fault *fault) MUST_CHECK;

/* Writes the rows as one CHUNK section, or as several if there are too many for one. */
int tape_writer_chunk(struct tape_writer *w, const struct chunk_rows *rows,
		      struct fault *fault) MUST_CHECK;
/* Ends the block with a MARK, which counts the CHUNKs and rows since the last one. */
int tape_writer_mark(struct tape_writer *w, uint64_t complete_until, uint64_t drained_ns,
		     struct fault *fault) MUST_CHECK;
/* Writes INDEX and TRAILER. No other call may follow but bytes and free. */
int tape_writer_finish(struct tape_writer *w, struct fault *fault) MUST_CHECK;
/* Bytes written so far. */
uint64_t tape_writer_bytes(const struct tape_writer *w);
