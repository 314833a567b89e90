// SPDX-License-Identifier: MIT
/*
 * The tape's rows, one by one, through the tracker to the view.
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "tcp/filter-options.h"
#include "playback/playback-state.h"

/* A stream that has nothing more for the moment: what is there should be seen now. */
static int flush_before_waiting(struct playback *p, struct fault *fault)
{
	struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};

	if (!p->is_stream || !p->has_unflushed || poll(&fd, 1, 0) > 0)
		return 0;
	p->has_unflushed = false;
	return table_flush(p->out, fault);
}

/* A whole connection, for the view. */
int playback_ended(void *userdata, const struct tcp_conn *c, struct fault *fault)
{
	struct playback *p = userdata;

	p->has_unflushed = true;
	return p->o.view->conn(p->state, c, p->out, fault);
}

/* All rows before until_ns were shown. */
int playback_progress(void *userdata, uint64_t until_ns, struct fault *fault)
{
	struct playback *p = userdata;
	/* The last mark of a tape says that nothing more will come, not that time has passed. */
	bool is_moment = p->is_begun && until_ns != UINT64_MAX;
	int r = is_moment ? tracker_advance(p->tracker, until_ns, fault) : 0;

	if (!r && is_moment && p->is_stream && p->o.view->tick)
		r = p->o.view->tick(p->state, until_ns, p->out, fault);
	return r ? r : flush_before_waiting(p, fault);
}

static void expect(struct playback *p)
{
	tcp_kinds kinds = 0;

	for (size_t i = 0; i < p->meta->n_tracepoints; i++) {
		if (p->meta->tracepoints[i])
			kinds |= TCP_KIND_BIT(decoder_kind(p->decoder, p->meta->tracepoints[i]));
	}
	p->context.recorded = kinds;
	tracker_expect(p->tracker, kinds);
}

/* The recorder could not judge everything. Words that make no sense are no filter. */
static int read_tape_filter(struct playback *p)
{
	const char *words = meta_host(p->meta, "filter");
	int r = words ? filter_parse(words, &p->arena, &p->tape_filter) : -EINVAL;

	if (r == -ENOMEM)
		return r;
	p->filter.also = r ? NULL : &p->tape_filter;
	return 0;
}

/* What the tape has is known once its FORMAT sections are, which stand before the first row. */
static int first_row(struct playback *p, struct fault *fault)
{
	int r = p->is_window_known ? 0 : playback_resolve_window(p, fault);

	if (r < 0)
		return r;
	p->is_begun = true;
	expect(p);
	r = read_tape_filter(p);
	return r < 0 ? fault_errno(fault, r, "filter") : 0;
}

/* Losses stand in their block before the rows behind them. */
static int tell_losses(struct playback *p)
{
	int r = 0;

	for (; !r && p->n_losses < p->meta->n_losses; p->n_losses++) {
		const struct loss_record *l = &p->meta->losses[p->n_losses];

		r = tracker_loss(p->tracker, l->from_ns, l->to_ns);
	}
	return r;
}

static int show(struct playback *p, const struct tcp_event *e, struct fault *fault)
{
	const struct view *view = p->o.view;

	if (!view->feed || !(TCP_KIND_BIT(e->kind) & p->view_wants))
		return 0;
	if (!view->feeds_all &&
	    (e->ts_ns < p->context.since_ns || !event_filter_passes(&p->filter, e)))
		return 0;
	p->has_unflushed = true;
	return view->feed(p->state, e, p->out, fault);
}

static int feed(struct playback *p, const struct tape_row *row, struct fault *fault)
{
	const struct view *view = p->o.view;
	tcp_kinds early = view->conn || view->feeds_all ? p->wanted : TRACKER_KINDS;
	struct tcp_event event;
	int r;

	p->last_ns = row->ts_ns;
	if (row->ts_ns < p->context.since_ns &&
	    !(TCP_KIND_BIT(decoder_kind(p->decoder, row->tracepoint)) & early))
		return 0;
	if (p->n_losses < p->meta->n_losses) {
		r = tell_losses(p);
		if (r < 0)
			return fault_errno(fault, r, "losses");
	}
	r = tracker_advance(p->tracker, row->ts_ns, fault);
	if (!r)
		r = decoder_event(p->decoder, row, &event, fault);
	if (r)
		return r;
	r = tracker_feed(p->tracker, &event);
	if (r < 0)
		return fault_errno(fault, r, "sockets");
	return show(p, &event, fault);
}

static int run_rows(struct playback *p, struct fault *fault)
{
	const struct tape_row *row;
	int r;

	while ((r = tape_merge_next(p->merge, &row, fault)) > 0) {
		if (!p->is_begun) {
			r = first_row(p, fault);
			if (r < 0)
				return r;
		}
		if (row->ts_ns >= p->context.until_ns)
			break;
		r = feed(p, row, fault);
		if (!r && p->limit && table_limit_is_full(p->limit)) {
			p->is_stopped = true;
			return 0;
		}
		if (!r)
			r = flush_before_waiting(p, fault);
		if (r < 0)
			return r;
	}
	return r < 0 ? r : 0;
}

/* What stands behind the last row that was of interest: losses, totals, the end. */
static int read_rest(struct playback *p, struct fault *fault)
{
	struct tape_section section;
	int r;

	while ((r = tape_reader_next(p->reader, NULL, NULL, &section, fault)) > 0)
		;
	return r;
}

/* Those that are open are so until the end of what is shown. */
static int finish_connections(struct playback *p, struct fault *fault)
{
	uint64_t end_ns = p->last_ns > p->meta->last_ns ? p->last_ns : p->meta->last_ns;

	if (p->is_stopped)
		return 0;
	if (!p->is_begun) {
		int r = first_row(p, fault);

		if (r < 0)
			return r;
	}
	if (tell_losses(p) < 0)
		return fault_errno(fault, -ENOMEM, "losses");
	return tracker_finish(p->tracker,
			      end_ns < p->context.until_ns ? end_ns : p->context.until_ns, fault);
}

/*
 * Reads the head of the tape, which says what times on its clock mean, and then begins to merge its
 * rows. A tape that has lost its CLOCK shows its start with its first row only: everything is read
 * then, and what is outside the window is not shown.
 */
static int begin_reading(struct playback *p, struct fault *fault)
{
	int r = tape_reader_head(p->reader, fault);

	if (!r && p->meta->n_clocks)
		r = playback_resolve_window(p, fault);
	if (!r && p->is_window_known)
		r = playback_limit_reading(p, fault);
	return r ? r : tape_merge_new(p->reader, &p->merge_options, &p->merge, fault);
}

int playback_run(struct playback *p, struct table_sink *out, const struct table_limit *limit,
		 struct fault *fault)
{
	const struct view *view = p->o.view;
	int r;

	p->out = out;
	p->limit = limit;
	r = view->init(p->state, p->o.view_options, &p->context, out, fault);
	p->is_view_begun = true;
	p->is_misused = r == -EINVAL;
	if (!r && p->is_stream)
		r = table_flush(out, fault);
	if (!r)
		r = begin_reading(p, fault);
	if (!r)
		r = run_rows(p, fault);
	/* A stream goes on for as long as its recorder likes: a limit ends it. */
	if (!r && !(p->is_stream && p->is_stopped))
		r = read_rest(p, fault);
	if (!r)
		r = finish_connections(p, fault);
	if (!r && view->emit)
		r = view->emit(p->state, out, fault);
	return r;
}
