/* SPDX-License-Identifier: MIT */
/*
 * fact-list: the facts at the head of a document, while they are added one by one.
 */
#pragma once

#include "base/text.h"
#include "table/document-builder.h"
#include "table/document.h"

#define FACTS_MAX 160u

struct facts {
	struct document_builder *builder;
	struct document_item *items;
	size_t n;
	struct text text; /* words of the next item, for people */
};

/* False: out of memory. The caller releases l->text. */
bool facts_init(struct facts *l, struct document_builder *builder);
/* Adds an item, whose cell and words are still to be set. label NULL: it is only for machines. At
 * most FACTS_MAX in all. */
struct document_item *facts_add(struct facts *l, const char *key, const char *label);
/* Adds a string that lasts as long as the document, unless it is NULL or empty. */
void facts_add_str(struct facts *l, const char *key, const char *label, const char *s);
/* Adds a number for machines, with the words in l->text, which it takes, for people. */
void facts_add_number(struct facts *l, const char *key, const char *label, uint64_t n);
/* Adds the words in l->text, for people and machines, and takes them; none where it is empty. */
void facts_add_words(struct facts *l, const char *key, const char *label);
