// SPDX-License-Identifier: MIT
#include "gather/gather-part.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/vec.h"

static int gather_parts_add(struct gather_parts *p, const struct gather_part *part)
{
	struct gather_part_state *item;

	if (vec_reserve(p->items, p->cap, p->n + 1) < 0)
		return -ENOMEM;
	item = &p->items[p->n];
	*item = (struct gather_part_state){part, calloc(1, part->state_size)};
	if (!item->state)
		return -ENOMEM;
	p->n++;
	if (part->event)
		p->kinds |= part->kinds;
	return part->init ? part->init(item->state) : 0;
}

int gather_parts_init(struct gather_parts *p, const struct gather_options *options)
{
	const struct gather_part *part;

	for (size_t i = 0; options->part_at && (part = options->part_at(i)); i++) {
		if (part->state_size && gather_parts_add(p, part) < 0)
			return -ENOMEM;
	}
	return 0;
}

void gather_parts_done(struct gather_parts *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->items[i].part->done)
			p->items[i].part->done(p->items[i].state);
		free(p->items[i].state);
	}
	free(p->items);
	*p = (struct gather_parts){0};
}

int gather_parts_event(const struct gather_parts *p, const struct gathered *in,
		       const struct gather_event *g)
{
	tcp_kinds kind = TCP_KIND_BIT(g->e->kind);

	if (!(p->kinds & kind))
		return 0;
	for (size_t i = 0; i < p->n; i++) {
		const struct gather_part *part = p->items[i].part;

		if (part->kinds & kind && part->event(p->items[i].state, in, g) < 0)
			return -ENOMEM;
	}
	return 0;
}

int gather_parts_conn(const struct gather_parts *p, const struct gathered *in,
		      const struct tcp_conn *c, const struct conn_history *history)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct gather_part *part = p->items[i].part;

		if (part->conn && part->conn(p->items[i].state, in, c, history) < 0)
			return -ENOMEM;
	}
	return 0;
}

int gather_parts_end(const struct gather_parts *p, struct gathered *in)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct gather_part *part = p->items[i].part;

		if (part->end && part->end(p->items[i].state, in) < 0)
			return -ENOMEM;
	}
	return 0;
}

void *gather_parts_state(const struct gather_parts *p, const struct gather_part *part)
{
	size_t i = 0;

	while (i < p->n && p->items[i].part != part)
		i++;
	assert(i < p->n);
	return p->items[i].state;
}
