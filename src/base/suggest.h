/* SPDX-License-Identifier: MIT */
/*
 * suggest: which known word somebody meant.
 */
#pragma once

#include <stddef.h>

#include "base/fault.h"

struct suggestion {
	const char *word; /* what was typed */
	const char *best; /* NULL: nothing is near */
	size_t distance;
};

struct suggestion suggest_start(const char *word);
/* Offers a candidate, borrowed. Takes it when it is nearer than the best and near at all. */
void suggest_offer(struct suggestion *n, const char *candidate);

/* The position of given among words, or -EINVAL and a fault that suggests the nearest one, or
 * tells them all. what: what the words are, "format". */
int suggest_choose(const char *what, const char *given, const char *const *words, size_t n_words,
		   struct fault *fault) MUST_CHECK;
