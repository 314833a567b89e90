/* SPDX-License-Identifier: MIT */
/*
 * counter-words: lines, words and numbers of a text, and names that are put together of words.
 * Private to the parsers of counters.
 */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "kernel/counter-text.h"

/* A stretch of text. */
struct words {
	const char *at, *end;
};

/* Takes the next line, without its newline. False: there is none. */
static inline bool words_line(struct words *text, struct words *ret)
{
	const char *newline;

	if (text->at == text->end)
		return false;
	newline = memchr(text->at, '\n', (size_t)(text->end - text->at));
	*ret = (struct words){text->at, newline ? newline : text->end};
	text->at = newline ? newline + 1 : text->end;
	return true;
}

/* Takes the next word. False: there is none. */
static inline bool words_next(struct words *line, struct words *ret)
{
	while (line->at < line->end && (*line->at == ' ' || *line->at == '\t'))
		line->at++;
	ret->at = line->at;
	while (line->at < line->end && *line->at != ' ' && *line->at != '\t')
		line->at++;
	ret->end = line->at;
	return ret->at < ret->end;
}

/* Takes what stands before the first `c`, and passes over it. False: there is no `c`. */
static inline bool words_until(struct words *line, char c, struct words *ret)
{
	const char *at = memchr(line->at, c, (size_t)(line->end - line->at));

	if (!at)
		return false;
	*ret = (struct words){line->at, at};
	line->at = at + 1;
	return true;
}

/* A decimal number with or without a sign, modulo 2^64. False: the word is none. */
static inline bool words_number(struct words word, int64_t *ret)
{
	bool is_negative = word.at < word.end && *word.at == '-';
	uint64_t v = 0;

	word.at += is_negative;
	if (word.at == word.end)
		return false;
	for (; word.at < word.end; word.at++) {
		if (*word.at < '0' || *word.at > '9')
			return false;
		v = v * 10 + (uint64_t)(*word.at - '0');
	}
	*ret = (int64_t)(is_negative ? 0 - v : v);
	return true;
}

/* A name that is being put together. */
struct counter_name {
	char text[COUNTER_TEXT_NAME_MAX];
	size_t len;
	bool is_too_long;
};

static inline void counter_name_add(struct counter_name *n, const char *s, size_t len)
{
	if (len > sizeof(n->text) - n->len) {
		n->is_too_long = true;
		return;
	}
	memcpy(n->text + n->len, s, len);
	n->len += len;
}

static inline void counter_name_add_word(struct counter_name *n, struct words word)
{
	counter_name_add(n, word.at, (size_t)(word.end - word.at));
}

static inline void counter_name_add_str(struct counter_name *n, const char *s)
{
	counter_name_add(n, s, strlen(s));
}

/* Gives the counter of the name `base` and a last word. A name that is too long is left out. */
static inline int counter_give(const struct counter_name *base, struct words last, int64_t value,
			       counter_take_fn take, void *userdata)
{
	struct counter_name n = *base;

	counter_name_add_word(&n, last);
	return n.is_too_long || !n.len ? 0 : take(userdata, n.text, n.len, value);
}
