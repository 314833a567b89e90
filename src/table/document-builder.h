/* SPDX-License-Identifier: MIT */
/*
 * document-builder: the memory of a document while it is put together. Out of memory is remembered
 * in `failed`, so that the code that puts the document together goes on and looks once at the end.
 * {0} is a valid empty builder.
 */
#pragma once

#include "base/arena.h"
#include "base/text.h"

struct document_builder {
	struct arena arena;
	bool failed;
};

void document_builder_done(struct document_builder *b);
/* Zeroed memory that lasts as long as the builder; NULL when out of memory. */
void *document_builder_alloc(struct document_builder *b, size_t size);
/* A copy of s that lasts as long as the builder; "" when out of memory. */
const char *document_builder_string(struct document_builder *b, const char *s);
/* A copy of the text in t that lasts as long as the builder; t is empty afterwards. */
const char *document_builder_text(struct document_builder *b, struct text *t);
