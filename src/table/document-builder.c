// SPDX-License-Identifier: MIT
#include "table/document-builder.h"

void document_builder_done(struct document_builder *b)
{
	arena_done(&b->arena);
}

void *document_builder_alloc(struct document_builder *b, size_t size)
{
	void *p = arena_alloc(&b->arena, size);

	b->failed |= !p;
	return p;
}

const char *document_builder_string(struct document_builder *b, const char *s)
{
	const char *copy = arena_str(&b->arena, s);

	b->failed |= !copy;
	return copy ? copy : "";
}

const char *document_builder_text(struct document_builder *b, struct text *t)
{
	const char *copy = document_builder_string(b, text_cstr(t));

	b->failed |= t->failed;
	text_clear(t);
	return copy;
}
