// SPDX-License-Identifier: MIT
#include "html/writer.h"

#include "render/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Appends the character at s in a visible form. Returns how many bytes of s the character has. */
static size_t visible_put(struct text *t, const unsigned char *s, size_t n)
{
	size_t len = utf8_len(s, n);

	if (s[0] < 0x20 || s[0] == 0x7f) {
		const char picture[] = {'\xe2', '\x90', (char)(s[0] == 0x7f ? 0xa1 : 0x80 + s[0])};

		text_mem(t, picture, sizeof(picture));
	} else if (!len || utf8_is_invisible(s, len)) {
		text_str(t, REPLACEMENT);
	} else {
		text_mem(t, (const char *)s, len);
	}
	return len ? len : 1;
}

static const char *entity(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

void html_text(struct text *t, const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		const char *word = entity(s[i]);

		if (word) {
			text_str(t, word);
			i++;
		} else {
			i += visible_put(t, (const unsigned char *)s + i, n - i);
		}
	}
}

void html_json_cstr(struct json_writer *w, const char *s)
{
	struct text visible CLEANUP(text_done) = {0};
	size_t n = strlen(s);

	for (size_t i = 0; i < n;)
		i += visible_put(&visible, (const unsigned char *)s + i, n - i);
	w->text->failed |= visible.failed;
	json_str(w, visible.data ? visible.data : "", visible.len);
}

void html_json_i64(struct json_writer *w, int64_t v)
{
	struct text digits CLEANUP(text_done) = {0};

	text_i64(&digits, v);
	w->text->failed |= digits.failed;
	json_verbatim(w, digits.data, digits.len);
}

/* JSON has the characters <, > and & in strings only, where \u and a number may replace them. */
void html_json(struct text *t, const struct text *json)
{
	size_t from = 0;

	for (size_t i = 0; i < json->len; i++) {
		char c = json->data[i];

		if (c != '<' && c != '>' && c != '&')
			continue;
		text_mem(t, json->data + from, i - from);
		text_str(t, c == '<' ? "\\u003c" : c == '>' ? "\\u003e" : "\\u0026");
		from = i + 1;
	}
	text_mem(t, json->data + from, json->len - from);
	t->failed |= json->failed;
}
