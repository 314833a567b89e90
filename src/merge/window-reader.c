// SPDX-License-Identifier: MIT
#include "merge/window-reader.h"

#include <assert.h>

/* With read-ahead, several windows are in memory at a time; each may have so much. */
#define WINDOW_BYTES_MAX (MERGE_HELD_MAX / 4)
/* What rows may have, in bytes of memory, that no MARK has completed yet. */
#define KEEP_BYTES (48u << 20)

static bool window_reader_selects(void *userdata, const struct section_header *h,
				  struct row_selection *ret)
{
	struct window_reader *w = userdata;

	return merge_selection_of(&w->selection, h, ret);
}

/* A chunk without its FORMAT is damage, which is counted: nobody can read its rows. */
static bool window_reader_wants(void *userdata, const struct section_header *h)
{
	struct row_selection want;

	return window_reader_selects(userdata, h, &want) && want.tracepoint;
}

static const uint8_t *window_reader_expanded(void *userdata, const struct tape_section *s)
{
	struct window_reader *w = userdata;

	return readahead_payload(w->readahead, s->offset, &s->header);
}

int window_reader_init(struct window_reader *w, struct tape_reader *reader,
		       const struct merge_options *o, struct chunk_cache *pool, struct fault *fault)
{
	struct readahead_options ahead = {
		.source = tape_reader_source(reader),
		.pool = pool,
		.n_threads = o->n_threads,
		.wants = window_reader_selects,
		.userdata = w,
	};
	int r = 0;

	*w = (struct window_reader){
		.reader = reader,
		.pool = pool,
		.selection = {.options = o, .meta = tape_reader_meta(reader)},
		.tasks = {.release = o->task,
			  .release_cgroup = o->cgroup,
			  .release_member = o->member,
			  .userdata = o->userdata},
	};
	if (o->n_threads && !tape_reader_is_stream(reader))
		r = readahead_new(&ahead, &w->readahead, fault);
	if (w->readahead)
		tape_reader_ask(reader, window_reader_expanded, w);
	return r;
}

void window_reader_done(struct window_reader *w)
{
	if (w->readahead)
		tape_reader_ask(w->reader, NULL, NULL);
	w->readahead = readahead_free(w->readahead);
	buffer_done(&w->columns);
	task_order_done(&w->tasks);
}

static int chunk_expand(struct window_reader *w, const struct tape_section *s,
			struct cached_chunk **ret, struct fault *fault)
{
	struct row_selection want;
	struct chunk_layout layout;
	int r;

	*ret = w->readahead ? readahead_rows(w->readahead, s->offset) : NULL;
	if (*ret)
		return 0;
	merge_selection_of(&w->selection, &s->header, &want);
	r = chunk_layout_decode(s->payload, s->header.raw_len, s->header.count, &layout, fault);
	if (!r && cached_chunk_new(w->pool, &w->columns, &layout, &want, ret) < 0)
		r = fault_no_memory(fault);
	return r;
}

static bool chunk_has_rows_before(const struct cached_chunk *c, uint64_t limit)
{
	for (uint32_t i = 0; i < c->n_runs; i++) {
		const struct chunk_row_run *run = &c->runs[i];

		if (run->at < run->n && run->times[run->at] < limit)
			return true;
	}
	return false;
}

static int chunk_take(struct window_reader *w, const struct tape_section *s,
		      struct merge_window *window, bool *ret_is_late, struct fault *fault)
{
	struct cached_chunk *c = NULL;
	int r = chunk_expand(w, s, &c, fault);

	if (r < 0)
		return r;
	assert(c);
	if (!c->n_live) {
		cached_chunk_free(w->pool, c);
		return 0;
	}
	*ret_is_late = chunk_has_rows_before(c, w->limit);
	if (merge_window_add(window, c) < 0) {
		cached_chunk_free(w->pool, c);
		return fault_no_memory(fault);
	}
	return 0;
}

static int mark_take(struct window_reader *w, const struct tape_section *s, struct fault *fault)
{
	const struct merge_options *o = w->selection.options;
	struct cursor c = cursor_of(s->payload, s->header.raw_len);
	uint64_t before = w->drained_ns;
	struct mark_record mark;
	int r = 0;

	if (mark_record_decode(&c, &mark) <= 0)
		return 0;
	if (mark.complete_until > w->limit)
		w->limit = mark.complete_until;
	/* The last MARK says only that nothing more comes. */
	if (mark.drained_ns == UINT64_MAX || mark.drained_ns <= before)
		return 0;
	w->drained_ns = mark.drained_ns;
	if (o->held_up && before && mark.drained_ns - before > MERGE_HELD_UP_NS)
		r = o->held_up(o->userdata, before, mark.drained_ns);
	return r < 0 ? fault_errno(fault, r, "the recorder's pauses") : 0;
}

static int counters_give(const struct window_reader *w, const struct tape_section *s,
			 struct fault *fault)
{
	const struct merge_options *o = w->selection.options;
	int r = o->counters ? o->counters(o->userdata, s->payload, s->header.raw_len) : 0;

	return r < 0 ? fault_errno(fault, r, "counters of the tape") : 0;
}

/* Reads one section. *ret_is_late: it has rows before the limit. */
static int section_read(struct window_reader *w, struct merge_window *window, bool *ret_is_late,
			struct fault *fault)
{
	struct tape_section s;
	int r;

	if (w->readahead)
		readahead_look(w->readahead, tape_reader_bytes(w->reader));
	r = tape_reader_next(w->reader, window_reader_wants, w, &s, fault);
	if (r < 0)
		return r;
	if (!r) {
		w->has_ended = true;
		return 0;
	}
	switch (s.header.kind) {
	case TAPE_KIND_CHUNK: return s.payload ? chunk_take(w, &s, window, ret_is_late, fault) : 0;
	case TAPE_KIND_TASKS: return task_order_take(&w->tasks, &s, fault);
	case TAPE_KIND_CGROUPS: return task_order_take_cgroups(&w->tasks, &s, fault);
	case TAPE_KIND_MEMBERS: return task_order_take_members(&w->tasks, &s, fault);
	case TAPE_KIND_MARK: return mark_take(w, &s, fault);
	case TAPE_KIND_COUNTERS: return counters_give(w, &s, fault);
	default: return 0;
	}
}

/* Without read-ahead, all chunks that there are wait for rows to be complete. */
static bool window_is_full(const struct window_reader *w, const struct merge_window *window)
{
	return w->readahead ? window->bytes >= WINDOW_BYTES_MAX
			    : chunk_cache_bytes(w->pool) > MERGE_HELD_MAX;
}

void window_reader_read(struct window_reader *w, struct merge_window *window)
{
	uint64_t before = w->limit;
	bool is_late = false, is_full = false;

	assert(!window_reader_is_over(w) && !window->n_chunks);
	while (!window_reader_is_over(w) && w->limit == before && !is_late && !is_full) {
		w->err = section_read(w, window, &is_late, &w->fault);
		is_full = window_is_full(w, window);
	}
	window->limit = w->limit;
	window->is_last = w->has_ended;
	window->keep_bytes = !is_full ? SIZE_MAX : w->readahead ? KEEP_BYTES : MERGE_HELD_MAX;
}
