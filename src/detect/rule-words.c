// SPDX-License-Identifier: MIT
#include "detect/rule-words.h"

#include <assert.h>
#include <stddef.h>

#include "base/cleanup.h"

const char *number_word(unsigned int n)
{
	static const char *const words[] = {
		[2] = "two",   [3] = "three", [4] = "four", [5] = "five", [6] = "six",
		[7] = "seven", [8] = "eight", [9] = "nine", [10] = "ten",
	};

	assert(n < ARRAY_SIZE(words) && words[n]);
	return words[n];
}

const char *times_word(unsigned int n)
{
	static const char *const words[] = {
		[2] = "twice",	     [3] = "three times", [4] = "four times",
		[5] = "five times",  [6] = "six times",	  [7] = "seven times",
		[8] = "eight times", [9] = "nine times",  [10] = "ten times",
	};

	assert(n < ARRAY_SIZE(words) && words[n]);
	return words[n];
}

const char *share_word(unsigned int percent)
{
	assert(percent == 10 || percent == 50);
	return percent == 10 ? "a tenth" : "half";
}
