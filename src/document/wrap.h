/* SPDX-License-Identifier: MIT */
/*
 * wrap: writes words in lines of a given width. A word that is wider has a line of its own.
 */
#pragma once

#include <stddef.h>

#include "base/text.h"

struct wrap {
	struct text *text;
	unsigned int width;  /* of a line, in columns */
	unsigned int indent; /* columns left blank at the start of each line */
	unsigned int at;     /* columns of the line that are written already */
};

/* Appends the words of s, made harmless for a terminal. They continue the line of the last call,
 * after a blank. */
void wrap_words(struct wrap *w, const char *s);
/* Ends the line, if one has begun. */
void wrap_end(struct wrap *w);
