/* SPDX-License-Identifier: MIT */
/*
 * chain-numbers: numbers call chains, so that each is written to the tape once. The table remembers
 * at most CHAIN_NUMBERS_MAX chains; then it forgets them all and continues with the next number. A
 * forgotten chain that occurs again gets a second number.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/map.h"

#define CHAIN_NUMBERS_MAX 32768u

struct chain_numbers {
	struct map ids;	      /* hash of the frames -> number */
	struct buffer known;  /* per remembered chain: u64 n, n frames */
	struct buffer places; /* per remembered chain: u64 offset in known */
	uint32_t first;	      /* number of the first remembered chain, minus 1 */
	uint32_t n;	      /* remembered chains */
};

void chain_numbers_done(struct chain_numbers *c);
/* Finds the chain's number, 1, 2, ..., or gives it the next one, which *ret_is_new reports. 0 or
 * -ENOMEM. */
int chain_numbers_get(struct chain_numbers *c, const uint64_t *frames, size_t n, uint32_t *ret,
		      bool *ret_is_new) MUST_CHECK;
