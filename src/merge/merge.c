// SPDX-License-Identifier: MIT
/*
 * merge: reads one section at a time, and only when no held row may be shown yet: on a stream
 * nothing waits for what has not been sent. With threads, rows are put in order in one of them, a
 * block or two ahead of what is shown.
 */
#include "merge/merge.h"

#include <errno.h>
#include <stdlib.h>

#include "merge/readahead.h"
#include "merge/chunk-cache.h"
#include "merge/task-heap.h"
#include "merge/merge-thread.h"
#include "merge/run-heap.h"

/* Of chunks in a window, and rows from now on that are fetched. */
#define WINDOW_BYTES_MAX (MERGE_HELD_MAX / 4)
#define BATCH_FETCH_ROWS 4u

struct tape_merge {
	struct tape_reader *reader;
	struct merge_options options;
	struct chunk_cache pool;
	struct buffer columns;	     /* of the chunk that is being expanded */
	struct readahead *readahead; /* NULL: nobody expands but us */
	struct run_heap heap;
	struct merge_thread *merge_thread;  /* in its place; NULL: no threads */
	struct merge_thread_window *window; /* being filled; NULL: none */
	bool is_window_due;		    /* it has rows that may be shown */
	int read_err;			    /* rows that were read before come first */
	struct fault read_fault;
	const struct merge_thread_batch *batch; /* being shown; NULL: none */
	size_t next_row;			/* of the batch */
	struct task_heap tasks;
	uint64_t limit;	  /* rows before it are complete */
	uint64_t told;	  /* the last of these that progress() heard */
	uint64_t last_ts; /* of the youngest row shown */
	uint64_t late;
	bool has_shown; /* the row on top of the heap is with the caller */
	bool has_ended;
	uint8_t wanted[TAPE_TRACEPOINTS_MAX]; /* what wants() said: 0 not asked, 1 no, 2 yes */
};

uint64_t tape_merge_late(const struct tape_merge *m)
{
	return m->late;
}

static const struct tape_tracepoint *tracepoint_of(const struct tape_merge *m, uint32_t index)
{
	const struct tape_meta *meta = tape_reader_meta(m->reader);

	return index < meta->n_tracepoints ? meta->tracepoints[index] : NULL;
}

static bool wants_tracepoint(struct tape_merge *m, const struct tape_tracepoint *tp)
{
	if (!m->wanted[tp->index])
		m->wanted[tp->index] =
			!m->options.wants || m->options.wants(m->options.userdata, tp) ? 2 : 1;
	return m->wanted[tp->index] == 2;
}

static uint64_t since_of(const struct tape_merge *m, const struct tape_tracepoint *tp)
{
	bool is_always = m->options.since_ns && m->options.always &&
			 m->options.always(m->options.userdata, tp);

	return is_always ? 0 : m->options.since_ns;
}

/* False: that cannot be said (yet), its FORMAT has not come by. */
static bool is_known(void *userdata, const struct section_header *h, struct row_selection *ret)
{
	struct tape_merge *m = userdata;
	const struct tape_tracepoint *tp = tracepoint_of(m, h->subject);

	*ret = (struct row_selection){0};
	if (!tp)
		return false;
	if (!wants_tracepoint(m, tp) || h->time_to < since_of(m, tp) ||
	    h->time_from >= m->options.until_ns)
		return true;
	*ret = (struct row_selection){
		.tracepoint = tp,
		.since = since_of(m, tp),
		.until = m->options.until_ns,
		.columns = m->options.columns ? m->options.columns(m->options.userdata, tp) : NULL,
	};
	return true;
}

/* Without its FORMAT, which is damage and counted, nobody can read a row. */
static bool merge_wants(void *userdata, const struct section_header *h)
{
	struct row_selection want;

	return is_known(userdata, h, &want) && want.tracepoint;
}

static const uint8_t *expanded(void *userdata, const struct tape_section *s)
{
	struct tape_merge *m = userdata;

	return readahead_payload(m->readahead, s->offset, &s->header);
}

static int start_threads(struct tape_merge *m, struct fault *fault)
{
	struct readahead_options o = {
		.source = tape_reader_source(m->reader),
		.pool = &m->pool,
		.n_threads = m->options.n_threads,
		.wants = is_known,
		.userdata = m,
	};
	uint64_t size;
	int r;

	if (!o.n_threads || !source_size(o.source, &size))
		return 0;
	r = readahead_new(&o, &m->readahead, fault);
	if (r < 0)
		return r;
	tape_reader_ask(m->reader, expanded, m);
	return merge_thread_new(&m->pool, &m->merge_thread, fault);
}

int tape_merge_new(struct tape_reader *r, const struct merge_options *o, struct tape_merge **ret,
		   struct fault *fault)
{
	struct tape_merge *m = calloc(1, sizeof(*m));

	if (!m)
		return fault_errno(fault, -ENOMEM, "merging the tape");
	m->reader = r;
	m->options = *o;
	chunk_cache_init(&m->pool);
	if (start_threads(m, fault) < 0) {
		tape_merge_free(m);
		return fault ? fault->code : -ENOMEM;
	}
	*ret = m;
	return 0;
}

static void free_spent(struct tape_merge *m)
{
	for (size_t i = 0; m->batch && i < m->batch->n_spent; i++)
		cached_chunk_free(&m->pool, m->batch->spent[i]);
	m->batch = NULL;
}

struct tape_merge *tape_merge_free(struct tape_merge *m)
{
	if (m) {
		if (m->readahead)
			tape_reader_ask(m->reader, NULL, NULL);
		readahead_free(m->readahead);
		free_spent(m);
		merge_thread_free(m->merge_thread);
		for (size_t i = 0; i < m->heap.n; i++) {
			struct cached_chunk *c = m->heap.entries[i].run->chunk;

			if (!--c->n_live)
				cached_chunk_free(&m->pool, c);
		}
		run_heap_done(&m->heap);
		chunk_cache_done(&m->pool);
		buffer_done(&m->columns);
		task_heap_done(&m->tasks);
		free(m);
	}
	return NULL;
}

static int hold_chunk(struct tape_merge *m, const struct tape_section *s, struct cached_chunk **ret,
		      struct fault *fault)
{
	struct row_selection want;
	struct chunk_layout layout;
	int r;

	*ret = m->readahead ? readahead_rows(m->readahead, s->offset) : NULL;
	if (*ret)
		return 0;
	is_known(m, &s->header, &want);
	r = chunk_layout_decode(s->payload, s->header.raw_len, s->header.count, &layout, fault);
	if (!r)
		r = cached_chunk_new(&m->pool, &m->columns, &layout, &want, ret);
	return r;
}

static bool has_rows_before(const struct cached_chunk *c, uint64_t limit)
{
	for (uint32_t i = 0; i < c->n_runs; i++) {
		const struct chunk_row_run *run = &c->runs[i];

		if (run->at < run->n && run->times[run->at] < limit)
			return true;
	}
	return false;
}

static int take_chunk(struct tape_merge *m, const struct tape_section *s, struct fault *fault)
{
	struct cached_chunk *c = NULL;
	int r = hold_chunk(m, s, &c, fault);

	if (!r && c->n_live)
		r = m->window ? merge_thread_add(m->window, c) : run_heap_add(&m->heap, c);
	if (!r && m->window)
		m->is_window_due |= has_rows_before(c, m->limit);
	if (c && (r < 0 || !c->n_live))
		cached_chunk_free(&m->pool, c);
	return r < 0 ? fault_errno(fault, r, "merging the tape") : 0;
}

static int let_task_go(struct tape_merge *m)
{
	struct waiting_task held;

	task_heap_pop(&m->tasks, &held);
	return m->options.task(m->options.userdata, &held.record);
}

static int let_tasks_go(struct tape_merge *m, uint64_t until)
{
	int r = 0;

	while (!r && m->tasks.n && m->tasks.items[0].record.ts_ns <= until)
		r = let_task_go(m);
	return r;
}

static int take_tasks(struct tape_merge *m, const struct tape_section *s, struct fault *fault)
{
	struct cursor c = cursor_of(s->payload, s->header.raw_len);
	struct task_record task;
	int r = 0;

	while (m->options.task && r >= 0 && task_record_decode(&c, &task) > 0) {
		if (task.what == TASK_SNAPSHOT) {
			r = m->options.task(m->options.userdata, &task);
			continue;
		}
		if (m->tasks.n >= TASKS_HELD_MAX)
			r = let_task_go(m);
		if (r >= 0 && task_heap_push(&m->tasks, &task) < 0)
			r = fault_errno(fault, -ENOMEM, "merging the tape");
	}
	return r < 0 ? r : 0;
}

static void take_mark(struct tape_merge *m, const struct tape_section *s)
{
	struct cursor c = cursor_of(s->payload, s->header.raw_len);
	struct mark_record mark;

	if (mark_record_decode(&c, &mark) > 0 && mark.complete_until > m->limit)
		m->limit = mark.complete_until;
}

static int read_on(struct tape_merge *m, struct fault *fault)
{
	struct tape_section s;
	int r;

	if (m->readahead)
		readahead_look(m->readahead, tape_reader_bytes(m->reader));
	r = tape_reader_next(m->reader, merge_wants, m, &s, fault);
	if (r < 0)
		return r;
	if (!r) {
		m->has_ended = true;
		return 0;
	}
	switch (s.header.kind) {
	case TAPE_KIND_CHUNK: return s.payload ? take_chunk(m, &s, fault) : 0;
	case TAPE_KIND_TASKS: return take_tasks(m, &s, fault);
	case TAPE_KIND_MARK: take_mark(m, &s); return 0;
	default: return 0;
	}
}

static int tell_progress(struct tape_merge *m, uint64_t until, struct fault *fault)
{
	if (!m->options.progress || until <= m->told)
		return 0;
	m->told = until;
	return m->options.progress(m->options.userdata, until, fault);
}

static bool may_show(const struct tape_merge *m)
{
	return m->heap.n && (m->heap.entries[0].ts < m->limit || m->has_ended ||
			     chunk_cache_bytes(&m->pool) > MERGE_HELD_MAX);
}

/* The row is the next one: tasks that come before it are told. */
static int show(struct tape_merge *m, uint64_t ts)
{
	int r = m->tasks.n ? let_tasks_go(m, ts) : 0;

	if (r < 0)
		return r;
	if (ts < m->last_ts)
		m->late++;
	else
		m->last_ts = ts;
	return 1;
}

static int next_held(struct tape_merge *m, struct tape_row *ret, struct fault *fault)
{
	if (m->has_shown) {
		struct cached_chunk *spent = run_heap_advance(&m->heap);

		if (spent)
			cached_chunk_free(&m->pool, spent);
		m->has_shown = false;
	}
	while (!may_show(m)) {
		int r = let_tasks_go(m, m->has_ended ? UINT64_MAX : m->limit);

		if (r < 0)
			return r;
		if (m->has_ended)
			return 0;
		r = tell_progress(m, m->limit, fault);
		if (r < 0)
			return r;
		r = read_on(m, fault);
		if (r < 0)
			return r;
	}
	run_heap_row(&m->heap, ret);
	m->has_shown = true;
	return show(m, ret->ts_ns);
}

/* Reads up to the moment that the tape is next complete to, or rows that come too late for that, or
 * as much as may be held. */
static void read_window(struct tape_merge *m)
{
	uint64_t before = m->limit;

	m->window = merge_thread_open(m->merge_thread);
	m->is_window_due = false;
	while (!m->read_err && !m->has_ended && m->limit == before && !m->is_window_due &&
	       m->window->bytes < WINDOW_BYTES_MAX)
		m->read_err = read_on(m, &m->read_fault);
	m->window->limit = m->limit;
	m->window->is_last = m->has_ended;
	m->window->is_too_much = m->window->bytes >= WINDOW_BYTES_MAX;
	m->window = NULL;
	merge_thread_give(m->merge_thread);
}

/* The next batch: 1; 0 at the end. */
static int next_batch(struct tape_merge *m, struct fault *fault)
{
	int r = 0;

	if (m->batch && m->batch->ends_window) {
		r = let_tasks_go(m, m->batch->limit);
		if (!r)
			r = tell_progress(m, m->batch->limit, fault);
	}
	free_spent(m);
	if (r < 0)
		return r;
	while (!m->read_err && !m->has_ended && merge_thread_has_room(m->merge_thread))
		read_window(m);
	m->batch = merge_thread_next(m->merge_thread, &r);
	m->next_row = 0;
	if (r < 0)
		return fault_errno(fault, r, "merging the tape");
	if (!m->batch && m->read_err)
		return fault_set(fault, m->read_err, "%s", m->read_fault.text);
	return m->batch != NULL;
}

static int next_ordered(struct tape_merge *m, struct tape_row *ret, struct fault *fault)
{
	const struct merge_thread_batch *b;

	while (!m->batch || m->next_row == m->batch->n_rows) {
		int r = next_batch(m, fault);

		if (r < 0)
			return r;
		if (!r)
			return let_tasks_go(m, UINT64_MAX);
	}
	b = m->batch;
	*ret = b->rows[m->next_row++];
	if (m->next_row + BATCH_FETCH_ROWS < b->n_rows)
		__builtin_prefetch(b->rows[m->next_row + BATCH_FETCH_ROWS].data);
	return show(m, ret->ts_ns);
}

int tape_merge_next(struct tape_merge *m, struct tape_row *ret, struct fault *fault)
{
	return m->merge_thread ? next_ordered(m, ret, fault) : next_held(m, ret, fault);
}
