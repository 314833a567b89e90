/* SPDX-License-Identifier: MIT */
/*
 * nearest: which known word somebody meant.
 */
#pragma once

#include <stddef.h>

struct nearest {
	const char *word; /* what was typed */
	const char *best; /* NULL: nothing is near */
	size_t distance;
};

struct nearest nearest_start(const char *word);
/* Offers a candidate, borrowed. Takes it when it is nearer than the best and near at all. */
void nearest_offer(struct nearest *n, const char *candidate);
