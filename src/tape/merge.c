// SPDX-License-Identifier: MIT
/*
 * merge: a heap of runs, keyed by the time of each run's next row. Reads one section at a time and
 * only when no held row may be shown yet: on a stream nothing waits for what has not been sent.
 */
#include "tape/merge.h"

#include <errno.h>
#include <stdlib.h>

#include "tape/ahead.h"
#include "tape/held.h"
#include "tape/merge-tasks.h"

struct merge_entry {
	uint64_t ts;
	uint64_t tie; /* CPU, then place on the tape */
	struct held_run *run;
};

struct tape_merge {
	struct tape_reader *reader;
	const struct merge_ops *ops;
	struct held_pool pool;
	struct buffer columns; /* of the chunk that is being expanded */
	struct ahead *ahead;   /* NULL: nobody expands but us */
	struct merge_entry *heap;
	size_t n_heap;
	size_t cap_heap;
	struct task_heap tasks;
	uint64_t n_runs_seen;
	uint64_t limit;	  /* rows before it are complete */
	uint64_t told;	  /* the last of these that moment() heard */
	uint64_t last_ts; /* of the youngest row shown */
	uint64_t late;
	bool has_shown; /* the first entry's row is with the caller */
	bool has_ended;
	uint8_t wanted[TAPE_TRACEPOINTS_MAX]; /* what wants() said: 0 not asked, 1 no, 2 yes */
};

uint64_t tape_merge_late(const struct tape_merge *m)
{
	return m->late;
}

static inline bool entry_before(const struct merge_entry *a, const struct merge_entry *b)
{
	return a->ts < b->ts || (a->ts == b->ts && a->tie < b->tie);
}

/* Lets e, which stands nowhere, sink from the top. */
static void heap_sink(struct tape_merge *m, struct merge_entry e)
{
	size_t i = 0, child;

	while ((child = 2 * i + 1) < m->n_heap) {
		if (child + 1 < m->n_heap)
			child += entry_before(&m->heap[child + 1], &m->heap[child]);
		if (!entry_before(&m->heap[child], &e))
			break;
		m->heap[i] = m->heap[child];
		i = child;
	}
	m->heap[i] = e;
}

static void heap_add(struct tape_merge *m, struct held_run *run)
{
	struct merge_entry e = {
		.ts = run->times[run->at],
		.tie = (uint64_t)run->cpu << 48 | (m->n_runs_seen++ & 0xffffffffffffULL),
		.run = run,
	};
	size_t i = m->n_heap++;

	for (; i && entry_before(&e, &m->heap[(i - 1) / 2]); i = (i - 1) / 2)
		m->heap[i] = m->heap[(i - 1) / 2];
	m->heap[i] = e;
}

static int heap_reserve(struct tape_merge *m, size_t more)
{
	size_t cap = m->cap_heap ? m->cap_heap : 64;
	struct merge_entry *bigger;

	if (m->n_heap + more <= m->cap_heap)
		return 0;
	while (cap < m->n_heap + more)
		cap *= 2;
	bigger = realloc(m->heap, cap * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	m->heap = bigger;
	m->cap_heap = cap;
	return 0;
}

/* Rows from now on that are fetched: more runs are read at a time than a CPU foresees. */
#define FETCH_ROWS 4u

/* Moves on from the row that was shown. */
static void advance(struct tape_merge *m)
{
	struct merge_entry e = m->heap[0];
	struct held_run *run = e.run;

	m->has_shown = false;
	if (++run->at < run->n) {
		e.ts = run->times[run->at];
		__builtin_prefetch(run->times + run->at + 2 * FETCH_ROWS);
		__builtin_prefetch(run->rows +
				   (size_t)(run->at + FETCH_ROWS) * run->chunk->row_len);
		heap_sink(m, e);
		return;
	}
	if (--m->n_heap)
		heap_sink(m, m->heap[m->n_heap]);
	if (!--run->chunk->n_live)
		held_chunk_free(&m->pool, run->chunk);
}

static const struct tape_tracepoint *tracepoint_of(const struct tape_merge *m, uint32_t index)
{
	const struct tape_meta *meta = tape_reader_meta(m->reader);

	return index < meta->n_tracepoints ? meta->tracepoints[index] : NULL;
}

/* False: its FORMAT has not come by (yet). */
static bool is_known(void *userdata, const struct section_header *h,
		     const struct tape_tracepoint **ret)
{
	struct tape_merge *m = userdata;
	const struct tape_tracepoint *tp = tracepoint_of(m, h->subject);

	*ret = NULL;
	if (!tp)
		return false;
	if (h->time_to < m->ops->since_ns || h->time_from >= m->ops->until_ns)
		return true;
	if (!m->wanted[tp->index])
		m->wanted[tp->index] =
			!m->ops->wants || m->ops->wants(m->ops->userdata, tp) ? 2 : 1;
	*ret = m->wanted[tp->index] == 2 ? tp : NULL;
	return true;
}

/* Without its FORMAT, which is damage and counted, nobody can read a row. */
static bool merge_wants(void *userdata, const struct section_header *h)
{
	const struct tape_tracepoint *tp;

	return is_known(userdata, h, &tp) && tp;
}

static const uint8_t *expanded(void *userdata, const struct tape_section *s)
{
	struct tape_merge *m = userdata;

	return ahead_payload(m->ahead, s->offset, &s->header);
}

static int look_ahead(struct tape_merge *m, struct fault *fault)
{
	struct ahead_options o = {
		.source = tape_reader_source(m->reader),
		.pool = &m->pool,
		.n_threads = m->ops->n_threads,
		.wants = is_known,
		.userdata = m,
	};
	uint64_t size;
	int r;

	if (!o.n_threads || !source_size(o.source, &size))
		return 0;
	r = ahead_new(&o, &m->ahead, fault);
	if (!r)
		tape_reader_ask(m->reader, expanded, m);
	return r;
}

int tape_merge_new(struct tape_reader *r, const struct merge_ops *ops, struct tape_merge **ret,
		   struct fault *fault)
{
	struct tape_merge *m = calloc(1, sizeof(*m));

	if (!m)
		return fault_errno(fault, -ENOMEM, "merging the tape");
	m->reader = r;
	m->ops = ops;
	held_pool_init(&m->pool);
	if (look_ahead(m, fault) < 0) {
		tape_merge_free(m);
		return fault ? fault->code : -ENOMEM;
	}
	*ret = m;
	return 0;
}

struct tape_merge *tape_merge_free(struct tape_merge *m)
{
	if (m) {
		if (m->ahead)
			tape_reader_ask(m->reader, NULL, NULL);
		ahead_free(m->ahead);
		for (size_t i = 0; i < m->n_heap; i++) {
			struct held_chunk *c = m->heap[i].run->chunk;

			if (!--c->n_live)
				held_chunk_free(&m->pool, c);
		}
		held_pool_done(&m->pool);
		buffer_done(&m->columns);
		task_heap_done(&m->tasks);
		free(m->heap);
		free(m);
	}
	return NULL;
}

static int hold_chunk(struct tape_merge *m, const struct tape_section *s, struct held_chunk **ret,
		      struct fault *fault)
{
	const struct held_want want = {
		.tracepoint = tracepoint_of(m, s->header.subject),
		.since = m->ops->since_ns,
		.until = m->ops->until_ns,
	};
	struct chunk_layout layout;
	int r;

	*ret = m->ahead ? ahead_rows(m->ahead, s->offset) : NULL;
	if (*ret)
		return 0;
	r = chunk_layout_decode(s->payload, s->header.raw_len, s->header.count, &layout, fault);
	if (!r)
		r = held_chunk_new(&m->pool, &m->columns, &layout, &want, ret);
	return r;
}

static int take_chunk(struct tape_merge *m, const struct tape_section *s, struct fault *fault)
{
	struct held_chunk *c;
	int r = hold_chunk(m, s, &c, fault);

	if (!r && heap_reserve(m, c->n_runs) < 0) {
		held_chunk_free(&m->pool, c);
		r = -ENOMEM;
	}
	if (r < 0)
		return fault_errno(fault, r, "merging the tape");
	for (uint32_t i = 0; i < c->n_runs; i++) {
		if (c->runs[i].at < c->runs[i].n)
			heap_add(m, &c->runs[i]);
	}
	if (!c->n_live)
		held_chunk_free(&m->pool, c);
	return 0;
}

static int let_task_go(struct tape_merge *m)
{
	struct held_task held;

	task_heap_pop(&m->tasks, &held);
	return m->ops->task(m->ops->userdata, &held.record);
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

	while (m->ops->task && r >= 0 && task_record_decode(&c, &task) > 0) {
		if (task.what == TASK_SNAPSHOT) {
			r = m->ops->task(m->ops->userdata, &task);
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

	if (m->ahead)
		ahead_look(m->ahead, tape_reader_bytes(m->reader), m->ops->since_ns,
			   m->ops->until_ns);
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

static int tell_moment(struct tape_merge *m, struct fault *fault)
{
	if (!m->ops->moment || m->limit <= m->told)
		return 0;
	m->told = m->limit;
	return m->ops->moment(m->ops->userdata, m->limit, fault);
}

static bool may_show(const struct tape_merge *m)
{
	return m->n_heap && (m->heap[0].ts < m->limit || m->has_ended ||
			     held_pool_bytes(&m->pool) > MERGE_HELD_MAX);
}

static int show(struct tape_merge *m, struct tape_row *ret)
{
	const struct merge_entry *e = &m->heap[0];
	const struct held_run *run = e->run;
	int r = m->tasks.n ? let_tasks_go(m, e->ts) : 0;

	if (r < 0)
		return r;
	if (e->ts < m->last_ts)
		m->late++;
	else
		m->last_ts = e->ts;
	*ret = (struct tape_row){
		.ts_ns = e->ts,
		.cpu = run->cpu,
		.chain = run->chains ? run->chains[run->at] : 0,
		.tracepoint = run->chunk->tracepoint,
		.data = run->rows + (size_t)run->at * run->chunk->row_len,
		.len = run->chunk->row_len,
	};
	m->has_shown = true;
	return 1;
}

int tape_merge_next(struct tape_merge *m, struct tape_row *ret, struct fault *fault)
{
	if (m->has_shown)
		advance(m);
	while (!may_show(m)) {
		int r = let_tasks_go(m, m->has_ended ? UINT64_MAX : m->limit);

		if (r < 0)
			return r;
		if (m->has_ended)
			return 0;
		r = tell_moment(m, fault);
		if (r < 0)
			return r;
		r = read_on(m, fault);
		if (r < 0)
			return r;
	}
	return show(m, ret);
}
