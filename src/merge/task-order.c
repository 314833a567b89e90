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
	*t = (struct task_order){.release = t->release,
				 .release_cgroup = t->release_cgroup,
				 .release_member = t->release_member,
				 .userdata = t->userdata};
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

static int task_release(struct task_order *t, const struct task_record *task, struct fault *fault)
{
	int r = t->release(t->userdata, task);

	return r < 0 ? fault_errno(fault, r, "tasks of the tape") : 0;
}

static int member_release(struct task_order *t, const struct waiting_task *w, struct fault *fault)
{
	const struct member_record member = {
		.ts_ns = w->record.ts_ns, .tid = w->record.tid, .cgroup = w->cgroup, .path = ""};
	int r = t->release_member(t->userdata, &member);

	return r < 0 ? fault_errno(fault, r, "control groups of the tape") : 0;
}

static int task_release_first(struct task_order *t, struct fault *fault)
{
	struct waiting_task first = t->items[0];

	heap_pop(&task_kind, t->items, t->n--);
	if (first.is_member)
		return member_release(t, &first, fault);
	first.record.comm = first.comm;
	return task_release(t, &first.record, fault);
}

/* Makes the record wait; its place is set here. */
static int task_push(struct task_order *t, struct waiting_task *waiting, struct fault *fault)
{
	int r = t->n >= TASKS_WAITING_MAX ? task_release_first(t, fault) : 0;

	if (r < 0)
		return r;
	waiting->place = t->next_place++;
	if (vec_reserve(t->items, t->cap, t->n + 1) < 0)
		return fault_no_memory(fault);
	heap_push(&task_kind, t->items, t->n++, waiting);
	return 0;
}

static int task_wait(struct task_order *t, const struct task_record *task, struct fault *fault)
{
	struct waiting_task waiting = {.record = *task};

	memcpy(waiting.comm, task->comm, strnlen(task->comm, TAPE_COMM_MAX));
	return task_push(t, &waiting, fault);
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
		r = task_wait(t, &task, fault);
	}
	return r;
}

int task_order_take_cgroups(struct task_order *t, const struct tape_section *s, struct fault *fault)
{
	struct cursor c = cursor_of(s->payload, s->header.raw_len);
	struct cgroup_record cgroup;

	while (t->release_cgroup && cgroup_record_decode(&c, &cgroup) > 0) {
		int r = t->release_cgroup(t->userdata, &cgroup);

		if (r < 0)
			return fault_errno(fault, r, "control groups of the tape");
	}
	return 0;
}

int task_order_take_members(struct task_order *t, const struct tape_section *s, struct fault *fault)
{
	struct cursor c = cursor_of(s->payload, s->header.raw_len);
	struct member_record member;
	int r = 0;

	while (t->release_member && !r && member_record_decode(&c, &member) > 0) {
		struct waiting_task waiting = {
			.record = {.ts_ns = member.ts_ns, .tid = member.tid},
			.is_member = true,
			.cgroup = member.cgroup,
		};

		if (member.tid >= 0)
			r = task_push(t, &waiting, fault);
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
