// SPDX-License-Identifier: MIT
#include "merge/task-heap.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/vec.h"

void task_heap_done(struct task_heap *h)
{
	free(h->items);
	*h = (struct task_heap){0};
}

static bool task_before(const void *a, const void *b)
{
	const struct waiting_task *x = a, *y = b;

	if (x->record.ts_ns != y->record.ts_ns)
		return x->record.ts_ns < y->record.ts_ns;
	return x->place < y->place;
}

static const struct heap_kind task_kind = {
	.size = sizeof(struct waiting_task),
	.before = task_before,
};

int task_heap_push(struct task_heap *h, const struct task_record *task)
{
	struct waiting_task waiting = {.record = *task, .place = h->next_place++};
	int r = vec_reserve(h->items, h->cap, h->n + 1);

	if (r < 0)
		return r;
	memcpy(waiting.comm, task->comm, strnlen(task->comm, TAPE_COMM_MAX));
	heap_push(&task_kind, h->items, h->n++, &waiting);
	return 0;
}

void task_heap_pop(struct task_heap *h, struct waiting_task *ret)
{
	assert(h->n);
	*ret = h->items[0];
	ret->record.comm = ret->comm;
	heap_pop(&task_kind, h->items, h->n--);
}
