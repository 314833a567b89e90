// SPDX-License-Identifier: MIT
#include "decode/print-rewrite.h"

#include <string.h>

#include "tcp/names.h"

struct rewrite {
	struct text *out;
	const struct trace_format *format;
	const char *at, *end;
	bool is_argument;    /* behind the format string */
	bool is_operand;     /* what was written last ends an operand */
	bool has_signed;     /* a signed field was seen */
	bool has_comparison; /* one was seen that is written as it is; so was a negative word */
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static const char *skip_blanks(const struct rewrite *w, const char *at)
{
	while (at < w->end && (*at == ' ' || *at == '\t' || *at == '\n'))
		at++;
	return at;
}

static const char *skip_word(const struct rewrite *w, const char *at)
{
	while (at < w->end && is_word(*at))
		at++;
	return at;
}

static bool is_signed_number(const struct trace_field *f)
{
	return f && f->is_signed && !f->is_array && !f->is_dynamic && !f->is_pointer &&
	       (f->size == 1 || f->size == 2 || f->size == 4 || f->size == 8);
}

/* Copies a string. In the format string, %p becomes 0x%llx. */
static void string_take(struct rewrite *w)
{
	const char quote = *w->at;

	text_char(w->out, *w->at++);
	while (w->at < w->end && *w->at != quote) {
		bool is_conversion = !w->is_argument && *w->at == '%' && w->end - w->at > 1;

		if (is_conversion && w->at[1] == '%') {
			text_str(w->out, "%%");
			w->at += 2;
		} else if (is_conversion && w->at[1] == 'p' && w->end - w->at > 2 &&
			   !is_word(w->at[2])) {
			text_str(w->out, "0x%llx");
			w->at += 2;
		} else {
			if (*w->at == '\\' && w->end - w->at > 1)
				text_char(w->out, *w->at++);
			text_char(w->out, *w->at++);
		}
	}
	if (w->at < w->end)
		text_char(w->out, *w->at++);
	w->is_argument |= quote == '"';
	w->is_operand = true;
}

/* The number of an enumerator that a kernel has left unresolved. */
static bool enumerator_find(const char *name, size_t len, int *ret)
{
	static const char prefix[] = "TCP_";

	if (len <= sizeof(prefix) - 1 || memcmp(name, prefix, sizeof(prefix) - 1))
		return false;
	for (int state = 1; tcp_state_name(state); state++) {
		const char *word = tcp_state_name(state);

		if (strlen(word) == len - 4 && !memcmp(word, name + 4, len - 4)) {
			*ret = state;
			return true;
		}
	}
	return false;
}

/* A field as a signed number of 64 bits: its value, less twice its sign bit. */
static void signed_field_put(struct rewrite *w, const struct trace_field *f)
{
	if (f->size == 8)
		text_printf(w->out, "REC->%s", f->name);
	else
		text_printf(w->out, "(REC->%s - ((REC->%s & 0x%llx) * 2))", f->name, f->name,
			    1ull << (f->size * 8 - 1));
}

/* The end of "< 0", "> 0", "<= 0", ">= 0", with any number: *ret_number is where that begins. NULL:
 * something else stands there. */
static const char *comparison_end(const struct rewrite *w, const char *at, const char **ret_number)
{
	const char *end;

	if (at >= w->end || (*at != '<' && *at != '>') || w->end - at < 2 || at[1] == *at)
		return NULL;
	at += at[1] == '=' ? 2 : 1;
	*ret_number = at = skip_blanks(w, at);
	if (at < w->end && *at == '-')
		at = skip_blanks(w, at + 1);
	end = skip_word(w, at);
	if (end == at || *at < '0' || *at > '9')
		return NULL;
	at = skip_blanks(w, end);
	/* What follows must bind less than the comparison. */
	return at == w->end || strchr(")?:,&|=!", *at) ? end : NULL;
}

/* "REC->name", and a comparison with a number behind it. */
static void field_take(struct rewrite *w)
{
	const char *name = skip_blanks(w, skip_blanks(w, w->at + 3) + 2), *number;
	const char *end = skip_word(w, name), *compared;
	const struct trace_field *f = NULL;

	for (size_t i = 0; i < w->format->n_fields && !f; i++) {
		const struct trace_field *one = &w->format->fields[i];

		if (strlen(one->name) == (size_t)(end - name) &&
		    !memcmp(one->name, name, end - name))
			f = one;
	}
	if (!is_signed_number(f)) {
		text_mem(w->out, w->at, end - w->at);
		w->at = end;
		w->is_operand = true;
		return;
	}
	w->has_signed = true;
	w->at = skip_blanks(w, end);
	compared = w->is_operand ? NULL : comparison_end(w, w->at, &number);
	if (!compared) {
		signed_field_put(w, f);
		w->is_operand = true;
		return;
	}
	/* Both sides are moved up by 2^63, which makes signed numbers unsigned ones in the same
	 * order. */
	text_str(w->out, "((");
	signed_field_put(w, f);
	text_str(w->out, " + 0x8000000000000000) ");
	text_mem(w->out, w->at, number - w->at);
	text_str(w->out, " (0x8000000000000000 + (");
	text_mem(w->out, number, compared - number);
	text_str(w->out, ")))");
	w->at = compared;
	w->is_operand = true;
}

static void word_take(struct rewrite *w)
{
	const char *end = skip_word(w, w->at), *next = skip_blanks(w, end);
	int number;

	if (end - w->at == 3 && !memcmp(w->at, "REC", 3) && w->end - next > 1 && next[0] == '-' &&
	    next[1] == '>') {
		field_take(w);
		return;
	}
	if (enumerator_find(w->at, end - w->at, &number))
		text_printf(w->out, "%d", number);
	else
		text_mem(w->out, w->at, end - w->at);
	w->at = end;
	w->is_operand = true;
}

/* True if what stands in front of a field may bind more than a comparison behind it; ')' ends a
 * cast then. */
static bool is_binding(char c)
{
	return strchr("+-*/%&|^<>=!~)", c) != NULL;
}

static void operator_take(struct rewrite *w)
{
	char c = *w->at;
	bool is_twice = w->end - w->at > 1 && w->at[1] == c && strchr("<>&|", c);

	w->has_comparison |= (c == '<' || c == '>') && !is_twice;
	/* libtraceevent never finds the word of a negative number. */
	if (c == '{') {
		const char *number = skip_blanks(w, w->at + 1);

		w->has_comparison |= number < w->end && *number == '-';
	}
	if (is_twice)
		text_char(w->out, *w->at++);
	text_char(w->out, *w->at++);
	if (c != ' ' && c != '\t' && c != '\n')
		w->is_operand = is_binding(c) && !(is_twice && (c == '&' || c == '|'));
}

bool print_rewrite(struct text *t, const struct trace_format *f, const char *print, size_t len)
{
	struct rewrite w = {.out = t, .format = f, .at = print, .end = print + len};
	const char *string = memchr(print, '"', len);

	/* "print fmt: ". */
	if (!string)
		return false;
	text_mem(t, print, string - print);
	w.at = string;
	while (w.at < w.end) {
		if (*w.at == '"' || *w.at == '\'')
			string_take(&w);
		else if (is_word(*w.at))
			word_take(&w);
		else
			operator_take(&w);
	}
	return !(w.has_signed && w.has_comparison);
}
