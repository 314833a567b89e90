// SPDX-License-Identifier: MIT
#include "decode/callchains.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void callchains_done(struct callchains *c)
{
	map_done(&c->callchains);
	map_done(&c->symbols);
	arena_done(&c->arena);
}

/* Writes "name+0xoffset", followed by the name of the module, if there is one. */
static char *frame_text(struct arena *arena, const struct tape_symbol *symbol)
{
	size_t name_len = strcspn(symbol->name, " ");
	size_t size = strlen(symbol->name) + sizeof("+0xffffffff");
	char *text = arena_alloc(arena, size);

	if (text)
		snprintf(text, size, "%.*s+0x%x%s", (int)name_len, symbol->name, symbol->offset,
			 symbol->name + name_len);
	return text;
}

static int frame_find(struct callchains *c, uint64_t id, const char **ret)
{
	const uint64_t *known = map_get(&c->symbols, id), *place;
	const struct tape_symbol *symbol;
	uint64_t *kept;

	*ret = NULL;
	if (known) {
		*ret = (const char *)(uintptr_t)*known;
		return 0;
	}
	place = map_get(&c->meta->symbols, id);
	symbol = place ? (const struct tape_symbol *)(uintptr_t)*place : NULL;
	if (!symbol || !symbol->name || !*symbol->name)
		return 0;
	*ret = frame_text(&c->arena, symbol);
	kept = *ret ? map_put(&c->symbols, id, NULL) : NULL;
	if (!kept)
		return -ENOMEM;
	*kept = (uintptr_t)*ret;
	return 0;
}

static int chain_resolve(struct callchains *c, const struct tape_chain *from, bool is_synack,
			 struct chain *to)
{
	to->n_named = 0;
	for (size_t i = 0; i < to->n_frames; i++) {
		int r = frame_find(c, from->frames[i], &to->frames[i]);

		if (r < 0)
			return r;
		to->n_named += !!to->frames[i];
	}
	to->n_symbols = map_count(&c->meta->symbols);
	to->cause = (struct tcp_chain_cause){0};
	if (to->n_named)
		to->cause = tcp_cause_of_chain(to->frames, to->n_frames, is_synack);
	return 0;
}

int callchains_find(struct callchains *c, uint32_t id, bool is_synack, const struct chain **ret)
{
	uint64_t key = (uint64_t)id << 1 | is_synack;
	const uint64_t *from = map_get(&c->meta->chains, id);
	uint64_t *place = map_get(&c->callchains, key);
	const struct tape_chain *tape_chain;
	struct chain *chain;
	int r;

	*ret = NULL;
	if (!from)
		return 0;
	tape_chain = (const struct tape_chain *)(uintptr_t)*from;
	if (place) {
		chain = (struct chain *)(uintptr_t)*place;
	} else {
		chain = arena_alloc(&c->arena, sizeof(*chain));
		if (!chain)
			return -ENOMEM;
		chain->n_frames = tape_chain->n_frames;
		chain->frames =
			arena_alloc(&c->arena, (chain->n_frames + 1) * sizeof(*chain->frames));
		place = chain->frames ? map_put(&c->callchains, key, NULL) : NULL;
		if (!place)
			return -ENOMEM;
		*place = (uintptr_t)chain;
		chain->n_symbols = SIZE_MAX;
	}
	if (chain->n_named < chain->n_frames && chain->n_symbols != map_count(&c->meta->symbols)) {
		r = chain_resolve(c, tape_chain, is_synack, chain);
		if (r < 0)
			return r;
	}
	*ret = chain;
	return 0;
}
