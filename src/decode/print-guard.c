// SPDX-License-Identifier: MIT
#include "decode/print-guard.h"

#include <string.h>

#include "decode/print-conversion.h"

enum token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_CHAR, TOKEN_STRING, TOKEN_WORD, TOKEN_OP };

struct token {
	enum token_kind kind;
	const char *at; /* a string begins after its quote */
	size_t len;	/* a string does not count its quotes */
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

static void token_take_quoted(struct grammar *g)
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

static void token_take_operator(struct grammar *g)
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

static void token_next(struct grammar *g)
{
	while (g->at < g->end && (*g->at == ' ' || *g->at == '\t' || *g->at == '\n'))
		g->at++;
	g->next = (struct token){.at = g->at};
	if (g->at == g->end || g->is_bad || ++g->n_tokens > PRINT_TOKENS_MAX) {
		g->is_bad |= g->n_tokens > PRINT_TOKENS_MAX;
		return;
	}
	if (*g->at == '"' || *g->at == '\'') {
		token_take_quoted(g);
	} else if (is_word(*g->at)) {
		g->next.kind = *g->at >= '0' && *g->at <= '9' ? TOKEN_NUMBER : TOKEN_WORD;
		while (g->at < g->end && is_word(*g->at))
			g->at++;
		g->next.len = g->at - g->next.at;
	} else {
		token_take_operator(g);
	}
}

static bool token_is(const struct grammar *g, const char *text)
{
	return (g->next.kind == TOKEN_OP || g->next.kind == TOKEN_WORD) &&
	       g->next.len == strlen(text) && !memcmp(g->next.at, text, g->next.len);
}

static bool token_accept(struct grammar *g, const char *text)
{
	if (g->is_bad || !token_is(g, text))
		return false;
	token_next(g);
	return true;
}

static void token_expect(struct grammar *g, const char *text)
{
	if (!token_accept(g, text))
		g->is_bad = true;
}

static void token_expect_kind(struct grammar *g, enum token_kind kind)
{
	if (g->next.kind != kind)
		g->is_bad = true;
	else
		token_next(g);
}

static const struct trace_field *token_expect_field(struct grammar *g)
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
		token_next(g);
	return g->is_bad ? NULL : f;
}

static void parse_value(struct grammar *g);

/* Parses {number, "word"}, ... Instead of a number there may be an enumerator that the kernel has
 * not resolved. */
static void parse_pairs(struct grammar *g)
{
	do {
		token_expect(g, "{");
		(void)token_accept(g, "-");
		if (g->next.kind != TOKEN_NUMBER && g->next.kind != TOKEN_WORD)
			g->is_bad = true;
		token_next(g);
		token_expect(g, ",");
		token_expect_kind(g, TOKEN_STRING);
		token_expect(g, "}");
	} while (token_accept(g, ","));
}

static void parse_record_field(struct grammar *g)
{
	const struct trace_field *f;

	token_expect(g, "->");
	f = token_expect_field(g);
	if (!f || f->is_dynamic) {
		g->is_bad = true;
		return;
	}
	if (!token_accept(g, "["))
		return;
	if (!f->is_array)
		g->is_bad = true;
	token_expect_kind(g, TOKEN_NUMBER);
	token_expect(g, "]");
}

static void parse_word(struct grammar *g)
{
	const struct trace_field *f;

	if (token_accept(g, "REC")) {
		parse_record_field(g);
	} else if (token_accept(g, "__get_str")) {
		token_expect(g, "(");
		f = token_expect_field(g);
		if (!f || !f->is_dynamic)
			g->is_bad = true;
		token_expect(g, ")");
	} else if (token_accept(g, "__print_symbolic")) {
		token_expect(g, "(");
		parse_value(g);
		token_expect(g, ",");
		parse_pairs(g);
		token_expect(g, ")");
	} else if (token_accept(g, "__print_flags")) {
		token_expect(g, "(");
		parse_value(g);
		token_expect(g, ",");
		token_expect_kind(g, TOKEN_STRING);
		token_expect(g, ",");
		parse_pairs(g);
		token_expect(g, ")");
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
		if (token_is(g, types[i]))
			return true;
	}
	return false;
}

static void parse_primary(struct grammar *g)
{
	if (token_accept(g, "(")) {
		if (is_type(g)) {
			while (is_type(g))
				token_next(g);
			while (token_accept(g, "*"))
				;
			token_expect(g, ")");
			parse_primary(g);
			return;
		}
		parse_value(g);
		token_expect(g, ")");
	} else if (g->next.kind == TOKEN_NUMBER || g->next.kind == TOKEN_CHAR ||
		   g->next.kind == TOKEN_STRING) {
		token_next(g);
	} else if (g->next.kind == TOKEN_WORD) {
		parse_word(g);
	} else {
		g->is_bad = true;
	}
}

static void parse_unary(struct grammar *g)
{
	if (++g->depth > PRINT_NESTING_MAX)
		g->is_bad = true;
	if (!g->is_bad && (token_accept(g, "!") || token_accept(g, "~") || token_accept(g, "-")))
		parse_unary(g);
	else if (!g->is_bad)
		parse_primary(g);
	g->depth--;
}

static void parse_value(struct grammar *g)
{
	static const char *const operators[] = {"+", "-", "*",	"&",  "|",  "^",  "<<", ">>",
						"<", ">", "<=", ">=", "==", "!=", "&&", "||"};
	bool is_more = true;

	if (++g->depth > PRINT_NESTING_MAX)
		g->is_bad = true;
	while (!g->is_bad && is_more) {
		parse_unary(g);
		is_more = false;
		while (token_accept(g, "/") || token_accept(g, "%")) {
			/* The divisor must be a number that does not begin with 0. */
			if (g->next.kind != TOKEN_NUMBER || *g->next.at == '0')
				g->is_bad = true;
			token_next(g);
		}
		for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]) && !is_more; i++)
			is_more = token_accept(g, operators[i]);
	}
	if (token_accept(g, "?")) {
		parse_value(g);
		token_expect(g, ":");
		parse_value(g);
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
	token_next(&g);
	if (g.next.kind != TOKEN_STRING || !print_conversions_are_harmless(g.next.at, g.next.len))
		return NULL;
	token_next(&g);
	while (!g.is_bad && token_accept(&g, ","))
		parse_value(&g);
	if (g.is_bad || g.next.kind != TOKEN_END)
		return NULL;
	*ret_len = text + len - (at + 1);
	return at + 1;
}
