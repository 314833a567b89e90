/* SPDX-License-Identifier: MIT */
/*
 * batch: the rows and records that the record loop took out of the rings, on their way to the
 * writer thread, which writes them as one block of the tape. Rows are grouped by tracepoint and row
 * length, in the order in which they were added. Memory is kept from one use to the next, up to
 * BATCH_KEPT_MAX.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "format/chunk.h"
#include "format/records.h"
#include "record/mmap-buffer.h"

/* So many rows of TCP's events, some two megabytes, are still in a CPU's cache when the writer
 * thread gets them, and have enough in common to compress well. */
#define BATCH_ROWS_MAX	16384u
#define BATCH_BYTES_MAX (2u << 20)
/* Memory that a batch keeps. Rows of one tracepoint may have more in one use, of another in the
 * next. */
#define BATCH_KEPT_MAX (2 * BATCH_BYTES_MAX)

/* Rows of one tracepoint and one length. */
struct slot {
	uint32_t tracepoint;
	uint16_t row_len;
	bool has_chain;
	uint32_t next; /* index + 1 of the tracepoint's slot of another length; 0: none */
	uint32_t n_rows, cap_rows;
	struct mmap_buffer rows;   /* row_len each */
	struct mmap_buffer times;  /* u64 */
	struct mmap_buffer chains; /* u32, if has_chain */
	struct mmap_buffer runs;   /* struct chunk_run */
	uint32_t n_runs;
	uint32_t most_rows; /* the largest n_rows so far: the memory up to there was touched */
};

/* Encoded records of one kind of section. */
struct batch_records {
	struct buffer records;
	uint32_t n;
	uint64_t time_from, time_to;
};

struct batch {
	struct slot *slots;
	uint32_t n_slots;
	uint32_t *first_slot; /* by tracepoint: index + 1 of its first slot; 0: none yet */
	size_t n_tracepoints;

	uint32_t n_rows;
	size_t bytes;	    /* of rows, times, chains, new chains, tasks, members */
	uint64_t since_ns;  /* start of the drain that took the batch; 0: none */
	uint64_t newest_ns; /* the greatest time of a row */
	struct batch_records tasks, members, losses, pauses, sleeps, clocks, tallies;
	struct batch_records settings, counters;
	struct buffer new_chains; /* u64 number, u64 n, n x u64 address; host order */
	uint32_t n_new_chains;

	/* For the MARK at the end of the block (format/FORMAT.md). */
	uint64_t complete_until;
	uint64_t drained_ns;
};

int batch_new(size_t n_tracepoints, struct batch **ret) MUST_CHECK;
struct batch *batch_free(struct batch *b);
DEFINE_CLEANUP(struct batch, batch_free);

/* Empties the batch; frees its memory when more than BATCH_KEPT_MAX of it was in use. */
void batch_reset(struct batch *b);

static inline bool batch_is_full(const struct batch *b)
{
	return b->n_rows >= BATCH_ROWS_MAX || b->bytes >= BATCH_BYTES_MAX;
}

/* True if n_rows rows of this length without a call chain fit before the batch is full. */
static inline bool batch_has_room(const struct batch *b, uint32_t n_rows, uint16_t row_len)
{
	size_t bytes = (size_t)n_rows * (row_len + sizeof(uint64_t));

	return !batch_is_full(b) && BATCH_ROWS_MAX - b->n_rows >= n_rows &&
	       BATCH_BYTES_MAX - b->bytes >= bytes;
}

/* A row of the tape. has_chain is the same for all rows of a tracepoint. */
struct batch_row {
	uint32_t tracepoint;
	uint16_t len;
	bool has_chain;
	uint32_t chain; /* number of its call chain; 0: the row has none */
	uint32_t cpu;
	uint64_t time;
	const uint8_t *data;
};
/* Copies a row into the batch, which must not be full. row->tracepoint is less than the number
 * given to batch_new(). 0 or -ENOMEM. */
int batch_add(struct batch *b, const struct batch_row *row) MUST_CHECK;
/* Adds a call chain; rows that are added later refer to it by its number. 0 or -ENOMEM. */
int batch_add_chain(struct batch *b, uint32_t number, const uint64_t *frames, size_t n) MUST_CHECK;

/* Moves all records to the end of `to`. 0 or -ENOMEM. */
int batch_records_move(struct batch_records *from, struct batch_records *to) MUST_CHECK;
/* Counts a record that was appended to r->records, and extends r's range of times to its time. */
void batch_records_count(struct batch_records *r, uint64_t time);
