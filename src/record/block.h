/* SPDX-License-Identifier: MIT */
/*
 * block: one batch as sections of the tape.
 */
#pragma once

#include "base/buffer.h"
#include "base/fault.h"
#include "record/writer-thread.h"

struct block_scratch {
	struct buffer chains;
};

void block_scratch_done(struct block_scratch *s);
/* Rewrites the batch's rows in place, and writes everything: what rows refer to comes first.
 * *rows grows by those that are on the tape, also when it fails halfway. */
int block_write(struct batch *b, const struct writer_thread_options *o,
		struct block_scratch *scratch, uint64_t *rows, struct fault *fault) MUST_CHECK;
