// SPDX-License-Identifier: MIT
#include "base/fifo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void fifo_done(struct fifo *f)
{
	free(f->items);
	*f = (struct fifo){.size = f->size};
}

/* Makes room at the end of the memory: moves the items to its beginning, and doubles it if they
 * fill at least half of it. */
static int fifo_make_room(struct fifo *f)
{
	size_t cap = f->cap ? f->cap * 2 : 64;
	char *bigger;

	if (f->first)
		memmove(f->items, f->items + f->first * f->size, f->n * f->size);
	f->first = 0;
	if (f->n * 2 < f->cap)
		return 0;
	bigger = realloc(f->items, cap * f->size);
	if (!bigger)
		return -ENOMEM;
	f->items = bigger;
	f->cap = cap;
	return 0;
}

int fifo_push(struct fifo *f, const void *item)
{
	if (f->first + f->n == f->cap && fifo_make_room(f) < 0)
		return -ENOMEM;
	memcpy(f->items + (f->first + f->n) * f->size, item, f->size);
	f->n++;
	return 0;
}

void fifo_pop(struct fifo *f)
{
	f->first++;
	f->n--;
	if (!f->n)
		f->first = 0;
}
