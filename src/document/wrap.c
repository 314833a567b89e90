// SPDX-License-Identifier: MIT
#include "document/wrap.h"

#include <string.h>

static void line_break(struct wrap *w)
{
	text_char(w->text, '\n');
	text_fill(w->text, ' ', w->indent);
	w->at = w->indent;
}

static void word_put(struct wrap *w, const char *word, size_t n)
{
	struct text safe CLEANUP(text_done) = {0};

	text_safe(&safe, word, n);
	w->text->failed |= safe.failed;
	if (w->at > w->indent) {
		if (w->at + 1 + safe.len > w->width) {
			line_break(w);
		} else {
			text_char(w->text, ' ');
			w->at++;
		}
	} else if (w->at < w->indent) {
		text_fill(w->text, ' ', w->indent - w->at);
		w->at = w->indent;
	}
	text_mem(w->text, safe.data, safe.len);
	w->at += (unsigned int)safe.len;
}

void wrap_words(struct wrap *w, const char *s)
{
	while (*s) {
		size_t n = strcspn(s, " ");

		if (n)
			word_put(w, s, n);
		s += n + (s[n] == ' ');
	}
}

void wrap_end(struct wrap *w)
{
	if (w->at)
		text_char(w->text, '\n');
	w->at = 0;
}
