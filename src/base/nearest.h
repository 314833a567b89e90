/* SPDX-License-Identifier: MIT */
/*
 * nearest: which known word somebody meant.
 */
#pragma once

#include <stddef.h>

#include "base/fault.h"

struct nearest {
	const char *word; /* what was typed */
	const char *best; /* NULL: nothing is near */
	size_t distance;
};

struct nearest nearest_start(const char *word);
/* Offers a candidate, borrowed. Takes it when it is nearer than the best and near at all. */
void nearest_offer(struct nearest *n, const char *candidate);

/* The position of given among words, or -EINVAL and a fault that suggests the nearest one, or
 * tells them all. what: what the words are, "format". */
int nearest_choose(const char *what, const char *given, const char *const *words, size_t n_words,
		   struct fault *fault) MUST_CHECK;
