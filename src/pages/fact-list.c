// SPDX-License-Identifier: MIT
#include "pages/fact-list.h"

#include <assert.h>

bool facts_init(struct facts *l, struct document_builder *builder)
{
	*l = (struct facts){.builder = builder};
	l->items = document_builder_alloc(builder, FACTS_MAX * sizeof(*l->items));
	return l->items;
}

struct document_item *facts_add(struct facts *l, const char *key, const char *label)
{
	struct document_item *item;

	assert(l->n < FACTS_MAX);
	item = &l->items[l->n++];
	*item = (struct document_item){.key = key, .label = label};
	return item;
}

void facts_add_str(struct facts *l, const char *key, const char *label, const char *s)
{
	if (s && *s)
		facts_add(l, key, label)->cell = cell_str(s);
}

void facts_add_number(struct facts *l, const char *key, const char *label, uint64_t n)
{
	struct document_item *item = facts_add(l, key, label);

	item->cell = cell_u64(n);
	item->words = label ? document_builder_text(l->builder, &l->text) : NULL;
}

void facts_add_words(struct facts *l, const char *key, const char *label)
{
	if (l->text.len)
		facts_add_str(l, key, label, document_builder_text(l->builder, &l->text));
}
