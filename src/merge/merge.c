// SPDX-License-Identifier: MIT
/*
 * merge: windows are read, given to be put in order, and come back as batches of rows. Without a
 * thread, a window is read only when all rows of the one before were shown: on a stream nothing
 * waits for what was not sent. With one, two windows are under way.
 */
#include "merge/merge.h"

#include <stdlib.h>

#include "merge/merge-thread.h"
#include "merge/window-reader.h"

/* The row so many places after the one that is shown is fetched into the CPU's cache. */
#define FETCH_ROWS 4u

struct tape_merge {
	struct merge_options options;
	struct chunk_cache pool;
	struct window_reader in;
	struct merge_thread *order;
	struct merge_batch *batch; /* being shown; NULL: none */
	size_t next_row;	   /* of the batch */
	uint64_t progress_ns;	   /* that options.progress was told last */
	uint64_t last_ns;	   /* of the youngest row shown */
	uint64_t late;
};

uint64_t tape_merge_late(const struct tape_merge *m)
{
	return m->late;
}

int tape_merge_new(struct tape_reader *r, const struct merge_options *o, struct tape_merge **ret,
		   struct fault *fault)
{
	struct tape_merge *m CLEANUP(tape_merge_free_p) = calloc(1, sizeof(*m));
	int err;

	if (!m)
		return fault_no_memory(fault);
	m->options = *o;
	err = chunk_cache_init(&m->pool, fault);
	if (!err)
		err = window_reader_init(&m->in, r, &m->options, &m->pool, fault);
	if (!err)
		err = merge_thread_new(&m->pool, m->in.readahead != NULL, &m->order, fault);
	if (err < 0)
		return err;
	*ret = TAKE(m);
	return 0;
}

static void merge_free_batch(struct tape_merge *m)
{
	if (m->batch)
		merge_batch_free_spent(m->batch, &m->pool);
	m->batch = NULL;
}

struct tape_merge *tape_merge_free(struct tape_merge *m)
{
	if (m) {
		window_reader_done(&m->in);
		merge_free_batch(m);
		merge_thread_free(m->order);
		chunk_cache_done(&m->pool);
		free(m);
	}
	return NULL;
}

/* All rows of the batch were shown. When they end their window, so were all rows before its
 * limit. */
static int merge_end_batch(struct tape_merge *m, struct fault *fault)
{
	bool ends_window = m->batch && m->batch->ends_window;
	uint64_t limit = m->batch ? m->batch->limit : 0;
	const struct merge_options *o = &m->options;
	int r;

	merge_free_batch(m);
	if (!ends_window)
		return 0;
	r = task_order_release(&m->in.tasks, limit, fault);
	if (r || !o->progress || limit <= m->progress_ns)
		return r;
	m->progress_ns = limit;
	return o->progress(o->userdata, limit, fault);
}

/* The next batch: 1; 0 at the end. */
static int merge_next_batch(struct tape_merge *m, struct fault *fault)
{
	int r = merge_end_batch(m, fault);

	if (r < 0)
		return r;
	while (!window_reader_is_over(&m->in) && merge_thread_has_room(m->order)) {
		window_reader_read(&m->in, merge_thread_open(m->order));
		merge_thread_give(m->order);
	}
	m->batch = merge_thread_next(m->order);
	m->next_row = 0;
	if (m->batch && m->batch->err)
		return fault_no_memory(fault);
	if (!m->batch && m->in.err)
		return fault_set(fault, m->in.err, "%s", m->in.fault.text);
	return m->batch != NULL;
}

/* The first row of the next batch that has one: 1; 0 at the end. Kept out of tape_merge_next, which
 * is called for each row. */
static __attribute__((noinline)) int merge_find_rows(struct tape_merge *m, struct fault *fault)
{
	int r;

	do {
		r = merge_next_batch(m, fault);
	} while (r > 0 && !m->batch->n_rows);
	return r ? r : task_order_release(&m->in.tasks, UINT64_MAX, fault);
}

int tape_merge_next(struct tape_merge *m, const struct tape_row **ret, struct fault *fault)
{
	const struct merge_batch *b = m->batch;
	const struct tape_row *row;
	int r;

	if (!b || m->next_row == b->n_rows) {
		r = merge_find_rows(m, fault);
		if (r <= 0)
			return r;
		b = m->batch;
	}
	row = &b->rows[m->next_row++];
	if (m->next_row + FETCH_ROWS < b->n_rows)
		__builtin_prefetch(b->rows[m->next_row + FETCH_ROWS].data);
	if (m->in.tasks.n) {
		r = task_order_release(&m->in.tasks, row->ts_ns, fault);
		if (r < 0)
			return r;
	}
	if (row->ts_ns < m->last_ns)
		m->late++;
	else
		m->last_ns = row->ts_ns;
	*ret = row;
	return 1;
}
