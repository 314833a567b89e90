/* SPDX-License-Identifier: MIT */
/*
 * chain-numbers: numbers call chains, so that each is sent to the tape once. Holds at most CHAINS_MAX;
 * then it forgets them all and goes on numbering, and a chain that comes again gets a second
 * number.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/map.h"

#define CHAINS_MAX 32768u

struct chain_numbers {
	struct map ids;	      /* hash of the frames -> number */
	struct buffer known;  /* u64 n, n frames; of each number since the last forgetting */
	struct buffer places; /* u64 place in known, per number */
	uint32_t first;	      /* number of the first known one, minus 1 */
	uint32_t n;
};

void chain_numbers_done(struct chain_numbers *c);
/* The chain's number: 1, 2, ...; *ret_is_new: it is a fresh one. -ENOMEM. */
int chain_numbers_get(struct chain_numbers *c, const uint64_t *frames, size_t n, uint32_t *ret,
		      bool *ret_is_new) MUST_CHECK;
