// SPDX-License-Identifier: MIT
#include "base/suggest.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

#define WORD_MAX 63

/* The Damerau-Levenshtein distance, in which a swap of two adjacent letters counts one. A word
 * longer than WORD_MAX is far from every other. */
static size_t word_distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *prev = rows[1], *row = rows[2];
	size_t len_a = strlen(a), len_b = strlen(b);

	if (len_a > WORD_MAX || len_b > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= len_b; j++)
		prev[j] = j;
	memcpy(before, prev, sizeof(rows[0]));
	for (size_t i = 1; i <= len_a; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= len_b; j++) {
			size_t best = prev[j - 1] + (a[i - 1] != b[j - 1]);

			if (prev[j] + 1 < best)
				best = prev[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			row[j] = best;
		}
		before = prev;
		prev = row;
		row = spare;
	}
	return prev[len_b];
}

struct suggestion suggest_start(const char *word)
{
	/* A third of the letters may be wrong, and always one. */
	return (struct suggestion){.word = word, .distance = strlen(word) / 3 + 2};
}

void suggest_offer(struct suggestion *n, const char *candidate)
{
	size_t d = word_distance(n->word, candidate);
	size_t len = strlen(n->word);

	/* A candidate that begins with the typed word is near, however long it is. */
	if (d >= n->distance && len >= 3 && !strncmp(n->word, candidate, len))
		d = n->distance - 1;
	if (d < n->distance) {
		n->distance = d;
		n->best = candidate;
	}
}

int suggest_choose(const char *what, const char *given, const char *const *words, size_t n_words,
		   struct fault *fault)
{
	struct text known CLEANUP(text_done) = {0};
	struct suggestion near = suggest_start(given);

	for (size_t i = 0; i < n_words; i++) {
		if (!strcmp(given, words[i]))
			return (int)i;
		suggest_offer(&near, words[i]);
		text_printf(&known, "%s%s", i ? ", " : "", words[i]);
	}
	if (near.best)
		return fault_set(fault, -EINVAL, "unknown %s %s: did you mean %s?", what, given,
				 near.best);
	return fault_set(fault, -EINVAL, "unknown %s %s: there are %s", what, given,
			 text_cstr(&known));
}
