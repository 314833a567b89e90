// SPDX-License-Identifier: MIT
#include "decode/symbols.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text that is not parsed yet. */
struct rest {
	const char *at;
	const char *end;
};

static void rest_skip_blanks(struct rest *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
		r->at++;
}

static bool rest_take(struct rest *r, const char *word)
{
	size_t n = strlen(word);

	rest_skip_blanks(r);
	if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
		return false;
	r->at += n;
	return true;
}

static bool rest_take_number(struct rest *r, int64_t *ret)
{
	char digits[24];
	size_t n = 0;
	char *end;

	rest_skip_blanks(r);
	while (r->at + n < r->end && n < sizeof(digits) - 1 && r->at[n] != ',' && r->at[n] != ' ')
		n++;
	memcpy(digits, r->at, n);
	digits[n] = '\0';
	if (!n || !strchr("-0123456789", digits[0]))
		return false;
	errno = 0;
	*ret = strtoll(digits, &end, 0);
	/* The suffix of "1UL" or "2u". */
	end += strspn(end, "uUlL");
	if (errno || *end)
		return false;
	r->at += n;
	return true;
}

/* Takes { 3, "WORD" } from the text. *ret_word is NULL for a pair of another form, which is
 * skipped. False: there is no pair. */
static bool rest_take_pair(struct rest *r, struct symbol_word *ret, const char **ret_word,
			   size_t *ret_len)
{
	struct rest p = *r;
	const char *quote, *brace;

	if (!rest_take(&p, "{"))
		return false;
	brace = memchr(p.at, '}', p.end - p.at);
	if (!brace)
		return false;
	r->at = brace + 1;
	p.end = brace;
	*ret_word = NULL;
	if (!rest_take_number(&p, &ret->value) || !rest_take(&p, ",") || !rest_take(&p, "\""))
		return true;
	quote = memchr(p.at, '"', p.end - p.at);
	if (!quote)
		return true;
	*ret_word = p.at;
	*ret_len = quote - p.at;
	return true;
}

static bool rest_find_list(struct rest *r, const char *field)
{
	char head[80];
	int n = snprintf(head, sizeof(head), "__print_symbolic(REC->%s,", field);
	const char *at;

	if (n < 0 || (size_t)n >= sizeof(head))
		return false;
	at = memmem(r->at, r->end - r->at, head, n);
	if (!at)
		return false;
	r->at = at + n;
	return true;
}

static int by_value(const void *a, const void *b)
{
	const struct symbol_word *x = a, *y = b;

	return x->value < y->value ? -1 : x->value > y->value;
}

int symbol_words_parse(const char *format, size_t len, const char *field, struct arena *arena,
		       struct symbol_words *ret)
{
	struct rest r = {format, format + len};
	struct symbol_word *words CLEANUP(free_p) = NULL, *kept;
	const char *word;
	size_t n = 0, word_len = 0;

	*ret = (struct symbol_words){0};
	if (!rest_find_list(&r, field))
		return 0;
	words = calloc(SYMBOL_WORDS_MAX, sizeof(*words));
	if (!words)
		return -ENOMEM;
	while (n < SYMBOL_WORDS_MAX && rest_take_pair(&r, &words[n], &word, &word_len)) {
		if (word) {
			char *copy = arena_alloc(arena, word_len + 1);

			if (!copy)
				return -ENOMEM;
			memcpy(copy, word, word_len);
			words[n++].word = copy;
		}
		if (!rest_take(&r, ","))
			break;
	}
	if (!n)
		return 0;
	qsort(words, n, sizeof(*words), by_value);
	kept = arena_copy(arena, words, n * sizeof(*words));
	if (!kept)
		return -ENOMEM;
	*ret = (struct symbol_words){.words = kept, .n = n};
	return 0;
}

const char *symbol_words_find(const struct symbol_words *w, int64_t value)
{
	const struct symbol_word key = {.value = value}, *found;

	if (!w->n)
		return NULL;
	found = bsearch(&key, w->words, w->n, sizeof(*w->words), by_value);
	return found ? found->word : NULL;
}
