/* SPDX-License-Identifier: MIT */
/*
 * block: writes one batch as sections of the tape.
 */
#pragma once

#include "base/buffer.h"
#include "base/fault.h"
#include "record/anonymise.h"
#include "record/batch.h"
#include "tape/writer.h"

/* The fields with addresses in the rows of one tracepoint. */
#define BLOCK_FIELDS_MAX 48u
struct block_tracepoint {
	struct anonymise_field fields[BLOCK_FIELDS_MAX];
	size_t n_fields;
};

/* With what blocks are written; all is borrowed. */
struct block_writer {
	struct tape_writer *writer;
	struct anonymiser *anonymiser;
	const struct block_tracepoint *tracepoints; /* by index */
};

/* Memory that block_write() keeps from one block to the next. {0} is valid. */
struct block_scratch {
	struct buffer chains;
};

void block_scratch_done(struct block_scratch *s);
/* Anonymises the batch's rows in place, and writes all its rows and records. The symbols and call
 * chains that rows refer to are written before the rows. *n_rows grows by the rows that are on the
 * tape, even if writing fails halfway. */
int block_write(struct batch *b, const struct block_writer *o, struct block_scratch *scratch,
		uint64_t *n_rows, struct fault *fault) MUST_CHECK;
