/* SPDX-License-Identifier: MIT */
/*
 * wrap: paragraphs of words in lines that are no wider than asked, where words allow it.
 */
#pragma once

#include <stddef.h>

#include "base/text.h"

struct wrap {
	struct text *text;
	unsigned int width;  /* of a whole line */
	unsigned int indent; /* of each line but what stands in the first already */
	unsigned int at;     /* column, from 0 */
};

/* Words of s, which is made harmless for a terminal; goes on in the line where the last call left
 * off, with a blank between. */
void wrap_words(struct wrap *w, const char *s);
/* The line ends, if it has begun. */
void wrap_end(struct wrap *w);
