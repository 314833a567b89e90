/* SPDX-License-Identifier: MIT */
/*
 * html-words: the words that stories repeat, each held once and named by its number. Strings are
 * borrowed.
 */
#pragma once

#include "base/map.h"

struct html_words {
	struct map numbers; /* of a string's hash */
	const char **list;
	size_t n;
	size_t cap;
};

void html_words_done(struct html_words *w);
/* 0 or -ENOMEM. */
int html_words_number(struct html_words *w, const char *word, uint64_t *ret) MUST_CHECK;
