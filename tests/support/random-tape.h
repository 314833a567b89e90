/* SPDX-License-Identifier: MIT */
/*
 * random-tape: makes a tape of random rows in random blocks, and the rows that a reader must
 * return, in order. The same seed gives the same tape.
 */
#pragma once

#include <stdbool.h>

#include "base/buffer.h"
#include "merge/merge.h"

struct expected_row {
	uint64_t ts_ns;
	uint32_t cpu;
	uint32_t tracepoint;
	uint32_t chain;
	uint32_t number; /* 0, 1, ... as recorded; the first bytes of the row */
};

struct random_tape {
	struct buffer tape;
	struct expected_row *rows; /* in time order, ties by CPU */
	size_t n_rows;
};

struct random_options {
	uint32_t seed;
	uint32_t n_rows;
	uint32_t n_cpus;
	uint32_t n_tracepoints; /* at most 8; of different row lengths */
	uint32_t block_max;	/* rows of a block are 1..block_max */
	bool has_nesting;	/* times inside a run go back now and then */
	bool has_jumps;		/* hours pass between some rows */
};

struct random_tape random_tape(const struct random_options *o);
void random_tape_done(struct random_tape *t);
/* True if the row, its bytes included, is the expected one. */
bool expected_row_is(const struct expected_row *e, const struct tape_row *row);
