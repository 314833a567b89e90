/* SPDX-License-Identifier: MIT */
/*
 * symbols: the words of __print_symbolic() in a format file's `print fmt`. Kernels number them
 * differently, so only the format file of the recording kernel has the word for a number.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cleanup.h"

struct symbol_word {
	int64_t value;
	const char *word;
};

struct symbol_words {
	const struct symbol_word *words; /* sorted by value */
	size_t n;
};

#define SYMBOL_WORDS_MAX 1024

/* The words of a field, in memory of the arena; none where it is not printed by __print_symbolic(),
 * or where they have no numbers. 0 or -ENOMEM. */
int symbol_words_parse(const char *format, size_t len, const char *field, struct arena *arena,
		       struct symbol_words *ret) MUST_CHECK;
/* Returns the word of a value; NULL: it has none. */
const char *symbol_words_find(const struct symbol_words *w, int64_t value);
