/* SPDX-License-Identifier: MIT */
/*
 * fifo: a queue of items of one size, which are copied in and taken out in the same order.
 */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"

/* {.size = sizeof(item)} is a valid empty queue. */
struct fifo {
	size_t size; /* of an item */
	char *items;
	size_t first, n, cap;
};

void fifo_done(struct fifo *f);
/* Appends a copy of the item. 0 or -ENOMEM. */
int fifo_push(struct fifo *f, const void *item) MUST_CHECK;
/* Item i from the front, i < n. The pointer is good until the next push or pop. */
static inline void *fifo_at(const struct fifo *f, size_t i)
{
	return f->items + (f->first + i) * f->size;
}
/* Removes the first item. The queue must not be empty. */
void fifo_pop(struct fifo *f);
