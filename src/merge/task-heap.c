// SPDX-License-Identifier: MIT
#include "merge/task-heap.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void task_heap_done(struct task_heap *h)
{
	free(h->items);
	*h = (struct task_heap){0};
}

static bool is_before(const struct waiting_task *a, const struct waiting_task *b)
{
	if (a->record.ts_ns != b->record.ts_ns)
		return a->record.ts_ns < b->record.ts_ns;
	return a->place < b->place;
}

int task_heap_push(struct task_heap *h, const struct task_record *task)
{
	struct waiting_task held = {.record = *task, .place = h->next_place++};
	size_t i = h->n;

	if (h->n == h->cap) {
		size_t cap = h->cap ? h->cap * 2 : 64;
		struct waiting_task *bigger = realloc(h->items, cap * sizeof(*bigger));

		if (!bigger)
			return -ENOMEM;
		h->items = bigger;
		h->cap = cap;
	}
	memcpy(held.comm, task->comm, strnlen(task->comm, TAPE_COMM_MAX));
	for (; i && is_before(&held, &h->items[(i - 1) / 2]); i = (i - 1) / 2)
		h->items[i] = h->items[(i - 1) / 2];
	h->items[i] = held;
	h->n++;
	return 0;
}

void task_heap_pop(struct task_heap *h, struct waiting_task *ret)
{
	const struct waiting_task *last;
	size_t i = 0;

	assert(h->n);
	*ret = h->items[0];
	ret->record.comm = ret->comm;
	last = &h->items[--h->n];
	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= h->n)
			break;
		if (child + 1 < h->n && is_before(&h->items[child + 1], &h->items[child]))
			child++;
		if (!is_before(&h->items[child], last))
			break;
		h->items[i] = h->items[child];
		i = child;
	}
	h->items[i] = *last;
}
