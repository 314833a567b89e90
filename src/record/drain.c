// SPDX-License-Identifier: MIT
/*
 * drain: turns records of rings into rows of batches. This file and batch_add() do all the work
 * that the recorder's main thread spends on a row.
 */
#include "record/drain.h"

#include <errno.h>
#include <stdlib.h>

#include "kernel/clock.h"
#include "kernel/sample.h"
#include "tcp/event.h"

/* Bytes after which the space of the records is given back to the kernel, at the latest. */
#define RELEASE_BYTES (256u << 10)

int drain_init(struct drain *d, struct fault *fault)
{
	d->heads = calloc(d->events->n_cpus, sizeof(*d->heads));
	if (!d->heads || members_init(&d->members, "/proc") < 0)
		return fault_no_memory(fault);
	return 0;
}

void drain_done(struct drain *d)
{
	chain_numbers_done(&d->chain_numbers);
	members_done(&d->members);
	free(d->heads);
	d->heads = NULL;
}

struct batch *drain_batch(struct drain *d)
{
	if (!d->batch) {
		d->batch = writer_thread_take(d->writer_thread);
		if (d->batch)
			d->batch->since_ns = d->began_ns;
	}
	return d->batch;
}

void drain_close_block(struct drain *d)
{
	struct batch *b = d->batch;

	if (!b)
		return;
	d->batch = NULL;
	b->complete_until = d->watermark.complete_until;
	b->drained_ns = d->began_ns;
	if (b->newest_ns > d->newest_ns)
		d->newest_ns = b->newest_ns;
	d->marked_ns = b->complete_until;
	event_counts_add(d->event_counts, b);
	writer_thread_give(d->writer_thread, b);
}

uint64_t drain_rows_of(const struct drain *d, uint16_t tracepoint)
{
	uint64_t n = event_counts_rows(d->event_counts, tracepoint);

	for (uint32_t i = 0; d->batch && i < d->batch->n_slots; i++) {
		if (d->batch->slots[i].tracepoint == tracepoint)
			n += d->batch->slots[i].n_rows;
	}
	return n;
}

bool drain_needs_mark(const struct drain *d)
{
	return d->marked_ns <= d->newest_ns && d->watermark.complete_until > d->newest_ns;
}

bool drain_room(struct drain *d, uint32_t n_rows, uint16_t row_len)
{
	struct batch *b = drain_batch(d);

	if (b && !batch_has_room(b, n_rows, row_len)) {
		drain_close_block(d);
		b = drain_batch(d);
	}
	return b != NULL;
}

int drain_add(struct drain *d, const struct batch_row *row)
{
	int r;

	if (d->batch && batch_is_full(d->batch))
		drain_close_block(d);
	if (!drain_batch(d))
		return 0;
	r = batch_add(d->batch, row);
	return r < 0 ? r : 1;
}

static int row_find_chain(struct drain *d, const struct sample_row *row, uint32_t *ret)
{
	uint64_t frames[PERF_EVENT_STACK_MAX];
	size_t n = sample_row_frames(row, frames, PERF_EVENT_STACK_MAX);
	bool is_new;
	int r;

	*ret = 0;
	if (!n)
		return 0;
	r = chain_numbers_get(&d->chain_numbers, frames, n, ret, &is_new);
	if (!r && is_new)
		r = batch_add_chain(d->batch, *ret, frames, n);
	return r;
}

/* The clock of some hosts stands still for milliseconds (clocksource jiffies), and the rows of a
 * ring lose their order on the tape, which keeps those of each tracepoint apart. Each further row
 * of one time is put a nanosecond later, which is far less than such a clock knows. */
static uint64_t row_time_in_order(struct event_cpu *c, uint64_t time)
{
	c->n_equal = time == c->last_ns ? c->n_equal + 1 : 0;
	c->last_ns = time;
	return time + c->n_equal;
}

/* In an interrupt the task on the CPU has nothing to do with the event, and may be any. */
static int row_see_thread(struct drain *d, const struct sample_row *row, uint64_t time)
{
	if (row->flags & TCP_FLAGS_INTERRUPT || row->tid <= 0)
		return 0;
	return members_see(&d->members, row->tid, row->cgroup, time, d->batch);
}

static int record_take_row(struct drain *d, struct event_cpu *c, const struct ring_record *rec)
{
	struct sample_row sample;
	struct batch_row row = {.cpu = c->cpu};
	const struct tracepoint *tp;
	uint16_t i;
	int r = sample_row_parse(rec->body, rec->len, &sample);

	if (r < 0)
		return r;
	i = d->tracepoints->by_type[sample.type];
	if (i == TRACEPOINT_NONE)
		return -EBADMSG;
	if (sample.n_ips)
		i = d->tracepoints->items[i].with_chain;
	tp = &d->tracepoints->items[i];
	row.tracepoint = i;
	row.has_chain = tp->with_stack;
	row.data = sample.raw;
	/* The kernel pads rows to 8 bytes; the format file says where the last field ends. */
	row.len = tp->row_len;
	if (!row.len || row.len > sample.raw_len)
		row.len = (uint16_t)(sample.raw_len < TAPE_ROW_MAX ? sample.raw_len : TAPE_ROW_MAX);
	if (row.has_chain) {
		r = row_find_chain(d, &sample, &row.chain);
		if (r < 0)
			return r;
	}
	row.time = row_time_in_order(c, sample.time);
	r = row_see_thread(d, &sample, row.time);
	if (r < 0)
		return r;
	d->rows++;
	if (tp->trouble.is_known && d->troubled) {
		r = troubled_row(d->troubled, &tp->trouble, row.data, row.len, row.time);
		if (r < 0)
			return r;
	}
	return batch_add(d->batch, &row);
}

static int record_take_lost(struct drain *d, struct event_cpu *c, const struct ring_record *rec)
{
	struct loss_record loss = {.cpu = c->cpu, .from_ns = event_cpu_loss_from(c)};
	struct sample_lost lost;
	int r = sample_lost_parse(rec->body, rec->len, &lost);

	if (r < 0)
		return r;
	loss.count = lost.lost;
	loss.to_ns = lost.time;
	c->ring_lost += lost.lost;
	c->loss_ns = lost.time;
	d->lost += lost.lost;
	r = loss_record_encode(&d->batch->losses.records, &loss);
	if (!r)
		batch_records_count(&d->batch->losses, lost.time);
	return r;
}

static int record_take_task(struct drain *d, const struct ring_record *rec)
{
	struct task_record record;
	struct sample_task task;
	size_t before = d->batch->tasks.records.len;
	int r = sample_task_parse(rec->type, rec->body, rec->len, &task);

	if (r < 0)
		return r;
	record = (struct task_record){
		.ts_ns = task.time,
		.what = TASK_COMM,
		.pid = task.pid,
		.tid = task.tid,
		.comm = task.comm,
	};
	if (rec->type == SAMPLE_TYPE_FORK) {
		record.what = TASK_FORK;
		record.parent = task.parent;
	} else if (rec->type == SAMPLE_TYPE_EXIT) {
		record.what = TASK_EXIT;
	}
	r = task_record_encode(&d->batch->tasks.records, &record);
	if (r < 0)
		return r;
	batch_records_count(&d->batch->tasks, task.time);
	d->batch->bytes += d->batch->tasks.records.len - before;
	if (record.what == TASK_FORK)
		r = members_fork(&d->members, task.tid, task.time, d->batch);
	return r;
}

static int record_take_cgroup(struct drain *d, const struct ring_record *rec)
{
	struct sample_cgroup made;
	int r = sample_cgroup_parse(rec->body, rec->len, &made);

	return r < 0 ? r : members_new_cgroup(&d->members, made.id, made.path, made.time, d->batch);
}

static int record_take(struct drain *d, struct event_cpu *c, const struct ring_record *rec)
{
	switch (rec->type) {
	case SAMPLE_TYPE_ROW: return record_take_row(d, c, rec);
	case SAMPLE_TYPE_LOST: return record_take_lost(d, c, rec);
	case SAMPLE_TYPE_COMM:
	case SAMPLE_TYPE_FORK:
	case SAMPLE_TYPE_EXIT: return record_take_task(d, rec);
	case SAMPLE_TYPE_CGROUP: return record_take_cgroup(d, rec);
	default: return 0;
	}
}

/* Takes the records of one ring up to head. 1: all are taken; 0: no batch is free; -errno. */
static int ring_take(struct drain *d, struct event_cpu *c, uint64_t head, struct fault *fault)
{
	uint64_t released = c->ring.at;
	struct ring_record rec;

	while (c->ring.at != head) {
		int r;

		if (!d->batch || batch_is_full(d->batch)) {
			ring_release(&c->ring);
			drain_close_block(d);
			if (!drain_batch(d))
				return 0;
		}
		r = ring_next(&c->ring, head, &rec, fault);
		if (r <= 0)
			return r < 0 ? r : 1;
		r = record_take(d, c, &rec);
		if (r == -ENOMEM)
			return fault_no_memory(fault);
		if (r < 0)
			return fault_set(fault, r,
					 "CPU %u: the kernel left a record (type %u, %u bytes) "
					 "that makes no sense",
					 c->cpu, rec.type, rec.len);
		if (c->ring.at - released >= RELEASE_BYTES) {
			ring_release(&c->ring);
			released = c->ring.at;
		}
	}
	ring_release(&c->ring);
	return 1;
}

/* 1 or -ENOMEM. */
static int drain_name_cgroups(struct drain *d, struct fault *fault)
{
	if (!cgroup_names_are_due(&d->members.names, d->began_ns) || !drain_batch(d))
		return 1;
	return members_name(&d->members, d->began_ns, d->batch) < 0 ? fault_no_memory(fault) : 1;
}

int drain_run(struct drain *d, struct fault *fault)
{
	if (!d->is_open) {
		d->began_ns = clock_now();
		for (size_t i = 0; i < d->events->n_cpus; i++) {
			const struct event_cpu *c = &d->events->cpus[i];

			d->heads[i] = c->is_open ? ring_head(&c->ring) : 0;
		}
		d->is_open = true;
		d->members.n_asked = 0;
		d->next_cpu = 0;
	}
	for (; d->next_cpu < d->events->n_cpus; d->next_cpu++) {
		struct event_cpu *c = &d->events->cpus[d->next_cpu];
		int r = c->is_open ? ring_take(d, c, d->heads[d->next_cpu], fault) : 1;

		if (r <= 0)
			return r;
	}
	d->is_open = false;
	watermark_drained(&d->watermark, d->began_ns);
	return drain_name_cgroups(d, fault);
}
