// SPDX-License-Identifier: MIT
#include "merge/task-order.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/vec.h"

void task_order_done(struct task_order *t)
{
	free(t->items);
	*t = (struct task_order){.release = t->release, .userdata = t->userdata};
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

static int task_push(struct task_order *t, const struct task_record *task, struct fault *fault)
{
	struct waiting_task waiting = {.record = *task, .place = t->next_place++};

	if (vec_reserve(t->items, t->cap, t->n + 1) < 0)
		return fault_no_memory(fault);
	memcpy(waiting.comm, task->comm, strnlen(task->comm, TAPE_COMM_MAX));
	heap_push(&task_kind, t->items, t->n++, &waiting);
	return 0;
}

static int task_release(struct task_order *t, const struct task_record *task, struct fault *fault)
{
	int r = t->release(t->userdata, task);

	return r < 0 ? fault_errno(fault, r, "tasks of the tape") : 0;
}

static int task_release_first(struct task_order *t, struct fault *fault)
{
	struct waiting_task first = t->items[0];

	heap_pop(&task_kind, t->items, t->n--);
	first.record.comm = first.comm;
	return task_release(t, &first.record, fault);
}

int task_order_take(struct task_order *t, const struct tape_section *s, struct fault *fault)
{
	struct cursor c = cursor_of(s->payload, s->header.raw_len);
	struct task_record task;
	int r = 0;

	while (t->release && !r && task_record_decode(&c, &task) > 0) {
		if (task.what == TASK_SNAPSHOT) {
			r = task_release(t, &task, fault);
			continue;
		}
		if (t->n >= TASKS_WAITING_MAX)
			r = task_release_first(t, fault);
		if (!r)
			r = task_push(t, &task, fault);
	}
	return r;
}

int task_order_release(struct task_order *t, uint64_t until_ns, struct fault *fault)
{
	int r = 0;

	while (!r && t->n && t->items[0].record.ts_ns <= until_ns)
		r = task_release_first(t, fault);
	return r;
}
