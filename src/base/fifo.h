/* SPDX-License-Identifier: MIT */
/*
 * fifo: items of one size, taken out in the order in which they were put in.
 */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"

/* {.size = sizeof(item)} is a valid empty one. */
struct fifo {
	size_t size; /* of an item */
	char *items;
	size_t first, n, cap;
};

void fifo_done(struct fifo *f);
/* A copy of the item goes to the end. 0 or -ENOMEM. */
int fifo_push(struct fifo *f, const void *item) MUST_CHECK;
/* Item i from the front; good until the next push or pop. i < n. */
static inline void *fifo_at(const struct fifo *f, size_t i)
{
	return f->items + (f->first + i) * f->size;
}
/* Takes the first one out; there is one. */
void fifo_pop(struct fifo *f);
