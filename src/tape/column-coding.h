/* SPDX-License-Identifier: MIT */
/*
 * column-coding: removes redundancy from byte columns: a column may be the same in every row, or
 * predicted by another column or by an earlier row (the codes of format/chunk.h). A plan, learned
 * from a sample of the rows and again after some hundred chunks, says how to code each column. Any
 * plan gives a correct tape; a good plan makes it smaller.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "format/chunk.h"
#include "tape/codec.h"
#include "tape/column-set.h"

/* How the columns of one tracepoint's rows are to be coded. */
struct column_plan {
	uint32_t chunks;  /* encoded since the plan was made */
	uint32_t sampled; /* rows that the plan was learned from; 0: there is no plan yet */
	uint16_t row_len;
	uint16_t codes[]; /* of each column, as in a chunk; none is constant */
};

/* To be released with free(). NULL: out of memory. */
struct column_plan *column_plan_new(uint16_t row_len);
/* Learns the plan again, if it is due, from columns of n bytes, one for each byte of a row. When
 * memory is short, the plan stays as it is. */
void column_plan_learn(struct column_plan *p, struct packer *packer, const uint8_t *columns,
		       size_t n);
/* Encodes columns of n bytes in place, n at least 1, and writes row_len codes. Returns how many
 * bytes the encoded columns have. */
size_t columns_encode(const struct column_plan *p, uint8_t *columns, size_t n, uint8_t *codes);
/* Decodes columns of n_rows bytes each into their places among row_len columns: those that are
 * wanted (NULL: all), and the columns that they are differences to. */
void columns_decode(const struct chunk_layout *c, const struct column_set *wanted,
		    uint8_t *columns);
