/* SPDX-License-Identifier: MIT */
/*
 * column-coding: byte columns with what is redundant in them left out: columns that are the same in every
 * row, and columns that another one or an earlier row predicts (format/chunk.h, codes). What predicts
 * what is learned from samples of the rows themselves, once in a while: any plan is right, a good
 * one makes the tape smaller.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "format/chunk.h"
#include "tape/codec.h"
#include "tape/column-set.h"

struct column_plan {
	uint32_t chunks;  /* folded since the plan was made */
	uint32_t sampled; /* rows that it was learned from; 0: no plan yet */
	uint16_t row_len;
	uint16_t codes[]; /* by column, as in the chunk, but none is constant */
};

/* NULL: out of memory. Freed by free(). */
struct column_plan *column_plan_new(uint16_t row_len);
/* Learns anew, when it is time, from n rows in columns of n bytes. */
void column_plan_learn(struct column_plan *p, struct packer *packer, const uint8_t *columns,
		       size_t n);
/*
 * Folds columns of n bytes in place; writes row_len codes. Returns the bytes that are left.
 */
size_t columns_encode(const struct column_plan *p, uint8_t *columns, size_t n, uint8_t *codes);
/* The columns of a chunk as they were: row_len columns of n_rows bytes. Only those that are wanted,
 * and what they are predicted from; NULL: all. */
void columns_decode(const struct chunk_layout *c, const struct column_set *wanted,
		    uint8_t *columns);
