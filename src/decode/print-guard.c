// SPDX-License-Identifier: MIT
#include "decode/print-guard.h"

#include <string.h>

#include "decode/print-conversion.h"

enum token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_CHAR, TOKEN_STRING, TOKEN_WORD, TOKEN_OP };

struct token {
	enum token_kind kind;
	const char *at; /* of strings: after the quote */
	size_t len;	/* of strings: without the quotes */
};

struct grammar {
	const char *at;
	const char *end;
	const struct trace_format *format;
	struct token next;
	unsigned int n_tokens;
	int depth;
	bool is_bad;
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static void take_quoted(struct grammar *g)
{
	char quote = *g->at++;

	g->next.kind = quote == '"' ? TOKEN_STRING : TOKEN_CHAR;
	g->next.at = g->at;
	while (g->at < g->end && *g->at != quote) {
		/* No escaped quotes: libtraceevent might see the end of the string elsewhere. */
		if (*g->at == '\\' && (g->end - g->at < 2 || g->at[1] == quote))
			g->is_bad = true;
		g->at++;
	}
	g->next.len = g->at - g->next.at;
	if (g->at == g->end)
		g->is_bad = true;
	else
		g->at++;
}

static void take_operator(struct grammar *g)
{
	static const char *const pairs[] = {"->", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||"};

	g->next.kind = TOKEN_OP;
	g->next.len = 1;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (g->end - g->at >= 2 && !memcmp(g->at, pairs[i], 2))
			g->next.len = 2;
	}
	if (!strchr("()[]{},?:+-*/%&|<>!=~^", *g->at) || !*g->at)
		g->is_bad = true;
	g->at += g->next.len;
}

static void advance(struct grammar *g)
{
	while (g->at < g->end && (*g->at == ' ' || *g->at == '\t' || *g->at == '\n'))
		g->at++;
	g->next = (struct token){.at = g->at};
	if (g->at == g->end || g->is_bad || ++g->n_tokens > PRINT_TOKENS_MAX) {
		g->is_bad |= g->n_tokens > PRINT_TOKENS_MAX;
		return;
	}
	if (*g->at == '"' || *g->at == '\'') {
		take_quoted(g);
	} else if (is_word(*g->at)) {
		g->next.kind = *g->at >= '0' && *g->at <= '9' ? TOKEN_NUMBER : TOKEN_WORD;
		while (g->at < g->end && is_word(*g->at))
			g->at++;
		g->next.len = g->at - g->next.at;
	} else {
		take_operator(g);
	}
}

static bool next_is(const struct grammar *g, const char *text)
{
	return (g->next.kind == TOKEN_OP || g->next.kind == TOKEN_WORD) &&
	       g->next.len == strlen(text) && !memcmp(g->next.at, text, g->next.len);
}

static bool accept(struct grammar *g, const char *text)
{
	if (g->is_bad || !next_is(g, text))
		return false;
	advance(g);
	return true;
}

static void expect(struct grammar *g, const char *text)
{
	if (!accept(g, text))
		g->is_bad = true;
}

static void expect_kind(struct grammar *g, enum token_kind kind)
{
	if (g->next.kind != kind)
		g->is_bad = true;
	else
		advance(g);
}

static const struct trace_field *expect_field(struct grammar *g)
{
	const struct trace_field *f = NULL;

	for (size_t i = 0; i < g->format->n_fields && !f; i++) {
		const struct trace_field *one = &g->format->fields[i];

		if (strlen(one->name) == g->next.len && !memcmp(one->name, g->next.at, g->next.len))
			f = one;
	}
	if (!f || g->next.kind != TOKEN_WORD)
		g->is_bad = true;
	else
		advance(g);
	return g->is_bad ? NULL : f;
}

static void value(struct grammar *g);

/* {number, "word"}, ...: the number may be the name of an enum, which the kernel did not
 * resolve. */
static void pairs(struct grammar *g)
{
	do {
		expect(g, "{");
		(void)accept(g, "-");
		if (g->next.kind != TOKEN_NUMBER && g->next.kind != TOKEN_WORD)
			g->is_bad = true;
		advance(g);
		expect(g, ",");
		expect_kind(g, TOKEN_STRING);
		expect(g, "}");
	} while (accept(g, ","));
}

static void record_field(struct grammar *g)
{
	const struct trace_field *f;

	expect(g, "->");
	f = expect_field(g);
	if (!f || f->is_dynamic) {
		g->is_bad = true;
		return;
	}
	if (!accept(g, "["))
		return;
	if (!f->is_array)
		g->is_bad = true;
	expect_kind(g, TOKEN_NUMBER);
	expect(g, "]");
}

static void word(struct grammar *g)
{
	const struct trace_field *f;

	if (accept(g, "REC")) {
		record_field(g);
	} else if (accept(g, "__get_str")) {
		expect(g, "(");
		f = expect_field(g);
		if (!f || !f->is_dynamic)
			g->is_bad = true;
		expect(g, ")");
	} else if (accept(g, "__print_symbolic")) {
		expect(g, "(");
		value(g);
		expect(g, ",");
		pairs(g);
		expect(g, ")");
	} else if (accept(g, "__print_flags")) {
		expect(g, "(");
		value(g);
		expect(g, ",");
		expect_kind(g, TOKEN_STRING);
		expect(g, ",");
		pairs(g);
		expect(g, ")");
	} else {
		g->is_bad = true;
	}
}

static bool is_type(const struct grammar *g)
{
	static const char *const types[] = {"unsigned", "signed", "long", "int", "short", "char",
					    "void",	"const",  "u8",	  "u16", "u32",	  "u64",
					    "s8",	"s16",	  "s32",  "s64", "__u8",  "__u16",
					    "__u32",	"__u64",  "bool", "enum"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (next_is(g, types[i]))
			return true;
	}
	return false;
}

static void primary(struct grammar *g)
{
	if (accept(g, "(")) {
		if (is_type(g)) {
			while (is_type(g))
				advance(g);
			while (accept(g, "*"))
				;
			expect(g, ")");
			primary(g);
			return;
		}
		value(g);
		expect(g, ")");
	} else if (g->next.kind == TOKEN_NUMBER || g->next.kind == TOKEN_CHAR ||
		   g->next.kind == TOKEN_STRING) {
		advance(g);
	} else if (g->next.kind == TOKEN_WORD) {
		word(g);
	} else {
		g->is_bad = true;
	}
}

static void unary(struct grammar *g)
{
	if (++g->depth > PRINT_NESTING_MAX)
		g->is_bad = true;
	if (!g->is_bad && (accept(g, "!") || accept(g, "~") || accept(g, "-")))
		unary(g);
	else if (!g->is_bad)
		primary(g);
	g->depth--;
}

static void value(struct grammar *g)
{
	static const char *const operators[] = {"+", "-", "*",	"&",  "|",  "^",  "<<", ">>",
						"<", ">", "<=", ">=", "==", "!=", "&&", "||"};
	bool is_more = true;

	if (++g->depth > PRINT_NESTING_MAX)
		g->is_bad = true;
	while (!g->is_bad && is_more) {
		unary(g);
		is_more = false;
		while (accept(g, "/") || accept(g, "%")) {
			/* The divisor must be a number that does not begin with 0. */
			if (g->next.kind != TOKEN_NUMBER || *g->next.at == '0')
				g->is_bad = true;
			advance(g);
		}
		for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]) && !is_more; i++)
			is_more = accept(g, operators[i]);
	}
	if (accept(g, "?")) {
		value(g);
		expect(g, ":");
		value(g);
	}
	g->depth--;
}

const char *print_text_find(const char *text, size_t len, const struct trace_format *f,
			    size_t *ret_len)
{
	static const char head[] = "\nprint fmt:";
	struct grammar g = {.end = text + len, .format = f};
	const char *at;

	if (len > PRINT_TEXT_MAX || memchr(text, '\0', len))
		return NULL;
	at = memmem(text, len, head, sizeof(head) - 1);
	if (!at)
		return NULL;
	g.at = at + sizeof(head) - 1;
	advance(&g);
	if (g.next.kind != TOKEN_STRING || !print_conversions_are_harmless(g.next.at, g.next.len))
		return NULL;
	advance(&g);
	while (!g.is_bad && accept(&g, ","))
		value(&g);
	if (g.is_bad || g.next.kind != TOKEN_END)
		return NULL;
	*ret_len = text + len - (at + 1);
	return at + 1;
}
