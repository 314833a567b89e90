/* SPDX-License-Identifier: MIT */
/*
 * block: writes one batch as sections of the tape.
 */
#pragma once

#include "base/buffer.h"
#include "base/fault.h"
#include "record/writer-thread.h"

/* Memory that block_write() keeps from one block to the next. {0} is valid. */
struct block_scratch {
	struct buffer chains;
};

void block_scratch_done(struct block_scratch *s);
/* Anonymises the batch's rows in place, and writes all its rows and records. The symbols and call
 * chains that rows refer to are written before the rows. *n_rows grows by the rows that are on the
 * tape, even if writing fails halfway. */
int block_write(struct batch *b, const struct writer_thread_options *o,
		struct block_scratch *scratch, uint64_t *n_rows, struct fault *fault) MUST_CHECK;
