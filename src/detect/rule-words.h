/* SPDX-License-Identifier: MIT */
/*
 * rule-words: numbers as words, for the sentences that state a detector's rule. A rule is written
 * from the same constants that the detector judges by, so that the two cannot differ.
 */
#pragma once

#include <stdint.h>

/* "two" ... "ten"; there is no word for others. */
const char *number_word(unsigned int n);
/* "twice", "three times", ... "ten times"; for 2 to 10. */
const char *times_word(unsigned int n);
/* "a tenth" of 10 percent, "half" of 50; there is no word for others. */
const char *share_word(unsigned int percent);
/* Parts per million as percent. */
static inline double ppm_percent(uint64_t ppm)
{
	return (double)ppm / 1e4;
}
