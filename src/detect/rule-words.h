/* SPDX-License-Identifier: MIT */
/*
 * rule-words: numbers as words, for the sentences that state a detector's rule. A rule is written
 * from the same constants that the detector judges by, so that the two cannot differ.
 */
#pragma once

#include <stdint.h>

/* "two" ... "ten", for 2 to 10. */
const char *number_word(unsigned int n);
/* "twice", "three times", ... "ten times"; for 2 to 10. */
const char *times_word(unsigned int n);
/* "a tenth" for 10, "half" for 50; percent must be one of these. */
const char *share_word(unsigned int percent);
/* Converts parts per million to percent. */
static inline double ppm_percent(uint64_t ppm)
{
	return (double)ppm / 1e4;
}
