/* SPDX-License-Identifier: MIT */
/*
 * suggest: finds the known word that is nearest to a mistyped one, for "did you mean".
 */
#pragma once

#include <stddef.h>

#include "base/fault.h"

struct suggestion {
	const char *word; /* the typed word */
	const char *best; /* the nearest candidate; NULL: no candidate is near */
	size_t distance;  /* of best; at first, the least distance that is too far */
};

/* Begins a search. word is borrowed. */
struct suggestion suggest_start(const char *word);
/* Makes the candidate, which is borrowed, the best if it is nearer than all before. */
void suggest_offer(struct suggestion *n, const char *candidate);

/* The index of given in words; or -EINVAL and a fault that suggests the nearest word, or lists all
 * if none is near. what: a noun for the words, "format". */
int suggest_choose(const char *what, const char *given, const char *const *words, size_t n_words,
		   struct fault *fault) MUST_CHECK;
