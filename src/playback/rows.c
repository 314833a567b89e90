// SPDX-License-Identifier: MIT
/*
 * The tape's rows, one by one, through the tracker to the view.
 */
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "playback/playback-state.h"
#include "tcp/filter-options.h"

/* A stream that has nothing more for now: what was shown should be seen before more comes. */
static int rows_flush(struct playback *p, struct fault *fault)
{
	struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};

	if (!p->context.is_live || !p->output.has_unflushed || poll(&fd, 1, 0) > 0)
		return 0;
	p->output.has_unflushed = false;
	return table_flush(p->output.sink, fault);
}

int playback_conn(void *userdata, const struct tcp_conn *c, struct fault *fault)
{
	struct playback *p = userdata;

	p->output.has_unflushed = true;
	return p->o.view->conn(p->state, c, p->output.sink, fault);
}

int playback_progress(void *userdata, uint64_t until_ns, struct fault *fault)
{
	struct playback *p = userdata;
	/* The last MARK of a tape says that nothing more will come, not that time has passed. */
	bool is_time = p->phase == PLAYBACK_ROWS && until_ns != UINT64_MAX;
	int r = is_time ? tracker_advance(p->tracker, until_ns, fault) : 0;

	if (!r && is_time && p->context.is_live && p->o.view->tick)
		r = p->o.view->tick(p->state, until_ns, p->output.sink, fault);
	return r ? r : rows_flush(p, fault);
}

int playback_held_up(void *userdata, uint64_t from_ns, uint64_t to_ns)
{
	struct playback *p = userdata;

	return tracker_held_up(p->tracker, from_ns, to_ns);
}

static void rows_expect(struct playback *p)
{
	tcp_kinds kinds = 0;

	for (size_t i = 0; i < p->meta->n_tracepoints; i++) {
		if (p->meta->tracepoints[i])
			kinds |= TCP_KIND_BIT(decoder_kind(p->decoder, p->meta->tracepoints[i]));
	}
	p->context.recorded = kinds;
	tracker_expect(p->tracker, kinds);
}

/* The recorder could not judge all events by its filter. Words that make no sense are no filter. */
static int rows_filter(struct playback *p, struct fault *fault)
{
	struct playback_filters *f = &p->filters;
	const char *words = meta_host(p->meta, "filter");
	int r = words ? filter_parse(words, &f->arena, &f->recorded) : -EINVAL;

	if (r == -ENOMEM)
		return fault_no_memory(fault);
	f->asked.also = r ? NULL : &f->recorded;
	return 0;
}

/* What was recorded is known once all FORMAT sections are, which stand before the first row. */
static int rows_begin(struct playback *p, struct fault *fault)
{
	int r = p->window.is_known ? 0 : playback_resolve_window(p, fault);

	if (r < 0)
		return r;
	p->phase = PLAYBACK_ROWS;
	rows_expect(p);
	return rows_filter(p, fault);
}

/* Losses stand in their block before its rows. */
static int rows_losses(struct playback *p, struct fault *fault)
{
	struct playback_heard *h = &p->heard;

	for (; h->n_losses < p->meta->n_losses; h->n_losses++) {
		const struct loss_record *l = &p->meta->losses[h->n_losses];

		if (tracker_loss(p->tracker, l->from_ns, l->to_ns) < 0)
			return fault_no_memory(fault);
	}
	return 0;
}

/* Counts an event that is hidden by the recording's filter, and not by what the user asks for. */
static void row_count_hidden(struct playback *p, const struct tcp_event *e)
{
	struct event_filter asked = p->filters.asked;

	tcp_kinds kinds = (p->o.view->feed ? p->kinds.fed : p->kinds.read) & ~TCP_KINDS_SYNTHETIC;

	if (!asked.also || !view_in_window(&p->context, e->ts_ns) ||
	    !(TCP_KIND_BIT(e->kind) & kinds))
		return;
	asked.also = NULL;
	p->filters.n_hidden +=
		event_filter_passes(&asked, e) && !event_filter_passes(&p->filters.recorded, e);
}

static int row_show(struct playback *p, const struct tcp_event *e, struct fault *fault)
{
	const struct view *view = p->o.view;

	if (!view->feed || !(TCP_KIND_BIT(e->kind) & p->kinds.fed))
		return 0;
	if (!view->feeds_all &&
	    (e->ts_ns < p->context.since_ns || !event_filter_passes(&p->filters.asked, e)))
		return 0;
	p->output.has_unflushed = true;
	return view->feed(p->state, e, p->output.sink, fault);
}

/* Before --since, rows are of interest only for what is learned from them. */
static bool row_is_early(const struct playback *p, const struct tape_row *row)
{
	const struct view *view = p->o.view;
	tcp_kinds learned = view->conn || view->feeds_all ? p->kinds.read : TRACKER_KINDS;

	return row->ts_ns < p->context.since_ns &&
	       !(TCP_KIND_BIT(decoder_kind(p->decoder, row->tracepoint)) & learned);
}

/* So do pauses: before the first row for which it matters. */
static int rows_pauses(struct playback *p, struct fault *fault)
{
	struct playback_heard *h = &p->heard;

	for (; h->n_pauses < p->meta->n_pauses; h->n_pauses++) {
		const struct pause_record *x = &p->meta->pauses[h->n_pauses];

		if (tracker_pause(p->tracker, x->ts_ns, x->netns, x->is_paused) < 0)
			return fault_no_memory(fault);
	}
	return 0;
}

static int row_feed(struct playback *p, const struct tape_row *row, struct fault *fault)
{
	struct tcp_event event;
	int r = 0;

	p->heard.last_ns = row->ts_ns;
	if (row_is_early(p, row))
		return 0;
	if (p->heard.n_losses < p->meta->n_losses)
		r = rows_losses(p, fault);
	if (!r && p->heard.n_pauses < p->meta->n_pauses)
		r = rows_pauses(p, fault);
	if (!r)
		r = tracker_advance(p->tracker, row->ts_ns, fault);
	if (!r)
		r = decoder_event(p->decoder, row, &event, fault);
	if (r)
		return r;
	r = tracker_feed(p->tracker, &event);
	if (r < 0)
		return fault_errno(fault, r, "sockets");
	row_count_hidden(p, &event);
	return row_show(p, &event, fault);
}

static int rows_play(struct playback *p, struct fault *fault)
{
	const struct table_limit *limit = p->output.limit;
	const struct tape_row *row;
	int r;

	while ((r = tape_merge_next(p->merge, &row, fault)) > 0) {
		if (p->phase < PLAYBACK_ROWS) {
			r = rows_begin(p, fault);
			if (r < 0)
				return r;
		}
		r = playback_window_is_old(p) ? playback_follow_window(p, fault) : 0;
		if (r < 0)
			return r;
		if (row->ts_ns >= p->context.until_ns)
			break;
		r = row_feed(p, row, fault);
		if (!r && limit && table_limit_is_full(limit)) {
			p->phase = PLAYBACK_FULL;
			return 0;
		}
		if (!r)
			r = rows_flush(p, fault);
		if (r < 0)
			return r;
	}
	return r < 0 ? r : 0;
}

/* What stands after the last row of interest: losses, totals, the end. */
static int rows_read_rest(struct playback *p, struct fault *fault)
{
	struct tape_section section;
	int r;

	while ((r = tape_reader_next(p->reader, NULL, NULL, &section, fault)) > 0) {
		if (section.header.kind != TAPE_KIND_COUNTERS)
			continue;
		r = playback_counters(p, section.payload, section.header.raw_len);
		if (r < 0)
			return fault_errno(fault, r, "counters of the tape");
	}
	return r;
}

/* Connections that are open at the end are so until the end of what is shown. */
static int rows_finish(struct playback *p, struct fault *fault)
{
	uint64_t end_ns = p->heard.last_ns > p->meta->last_ns ? p->heard.last_ns : p->meta->last_ns;
	uint64_t tape_end_ns = meta_end_ns(p->meta);
	int r = 0;

	p->context.end_ns = tape_end_ns < p->context.until_ns ? tape_end_ns : p->context.until_ns;
	if (p->phase == PLAYBACK_FULL)
		return 0;
	if (p->phase < PLAYBACK_ROWS)
		r = rows_begin(p, fault);
	if (!r)
		r = rows_losses(p, fault);
	if (!r)
		r = rows_pauses(p, fault);
	if (r < 0)
		return r;
	return tracker_finish(p->tracker,
			      end_ns < p->context.until_ns ? end_ns : p->context.until_ns, fault);
}

static int view_begin(struct playback *p, struct fault *fault)
{
	int r = p->o.view->init(p->state, p->o.view_options, &p->context, p->output.sink, fault);

	p->phase = r == -EINVAL ? PLAYBACK_REFUSED : PLAYBACK_BEGUN;
	if (!r && p->context.is_live)
		r = table_flush(p->output.sink, fault);
	return r;
}

int playback_run(struct playback *p, struct table_sink *out, const struct table_limit *limit,
		 struct fault *fault)
{
	const struct view *view = p->o.view;
	int r;

	assert(p->phase == PLAYBACK_OPENED);
	p->output = (struct playback_output){.sink = out, .limit = limit};
	r = view_begin(p, fault);
	if (!r)
		r = playback_begin_reading(p, fault);
	if (!r)
		r = rows_play(p, fault);
	/* A stream goes on for as long as its recorder likes: a limit ends it. */
	if (!r && !(p->context.is_live && p->phase == PLAYBACK_FULL))
		r = rows_read_rest(p, fault);
	if (!r)
		r = rows_finish(p, fault);
	if (!r && view->emit)
		r = view->emit(p->state, out, fault);
	return r;
}
