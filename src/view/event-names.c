// SPDX-License-Identifier: MIT
#include "view/event-names.h"

#include <errno.h>
#include <string.h>

void event_names_done(struct event_names *n)
{
	arena_done(&n->arena);
	*n = (struct event_names){0};
}

static int cells_grow(struct event_names *n, size_t wanted)
{
	size_t size = n->n ? n->n : 32;
	struct cell *cells;

	while (size < wanted)
		size *= 2;
	cells = arena_alloc(&n->arena, size * sizeof(*cells));
	if (!cells)
		return -ENOMEM;
	if (n->n)
		memcpy(cells, n->cells, n->n * sizeof(*cells));
	n->cells = cells;
	n->n = size;
	return 0;
}

static int make_name(struct event_names *n, const struct tcp_event *e, struct cell *ret)
{
	size_t len_system = strlen(e->system), len_name = strlen(e->name);
	char *name = arena_alloc(&n->arena, len_system + len_name + 2);

	if (!name)
		return -ENOMEM;
	memcpy(name, e->system, len_system);
	name[len_system] = ':';
	memcpy(name + len_system + 1, e->name, len_name + 1);
	*ret = cell_word(name);
	return 0;
}

int event_names_cell(struct event_names *n, const struct tcp_event *e, struct cell *ret)
{
	int r;

	if (e->tracepoint >= n->n) {
		r = cells_grow(n, (size_t)e->tracepoint + 1);
		if (r < 0)
			return r;
	}
	if (n->cells[e->tracepoint].kind == CELL_ABSENT) {
		r = make_name(n, e, &n->cells[e->tracepoint]);
		if (r < 0)
			return r;
	}
	*ret = n->cells[e->tracepoint];
	return 0;
}
