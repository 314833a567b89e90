// SPDX-License-Identifier: MIT
#include "merge/warmup.h"
#include "playback/playback-state.h"

/* Rows before --since that are read all the same: owners, ports and congestion states are learned
 * from them. More would take longer than a reader should wait for the first line of a long tape. */
#define WARMUP_ROWS 200000u

int playback_resolve_window(struct playback *p, struct fault *fault)
{
	struct playback_window *w = &p->window;
	struct time_window window;
	int r = time_window_resolve(&p->o.window, p->meta,
				    w->has_ahead ? &w->ahead : &p->meta->wall, &window, fault);

	w->is_known = true;
	w->n_stretches = p->meta->wall.n;
	if (r < 0)
		return r;
	p->context.since_ns = window.since_ns;
	p->context.until_ns = window.until_ns;
	return 0;
}

int playback_follow_window(struct playback *p, struct fault *fault)
{
	const struct playback_window *w = &p->window;

	if (w->has_ahead || !time_window_needs_wall(&p->o.window))
		return 0;
	return playback_resolve_window(p, fault);
}

int playback_look_ahead(struct playback *p, struct fault *fault)
{
	struct playback_window *w = &p->window;
	int r;

	if (!time_window_needs_wall(&p->o.window))
		return 0;
	r = tape_reader_use_index(p->reader, fault);
	if (r > 0)
		r = clocks_ahead_read(tape_reader_index(p->reader), tape_reader_source(p->reader),
				      &w->arena, &w->ahead, fault);
	w->has_ahead = r > 0;
	return r < 0 ? r : 0;
}

int playback_limit_reading(struct playback *p, struct merge_options *o, struct fault *fault)
{
	const struct time_window_spec *spec = &p->o.window;
	int r = 0;

	/* A step of the wall clock that the tape has not told of yet may move the window. */
	if (time_window_needs_wall(spec) && !p->window.has_ahead)
		return 0;
	o->until_ns = p->context.until_ns;
	if (spec->since.typed && !p->o.from_start)
		r = merge_warmup(p->reader, o, p->context.since_ns, WARMUP_ROWS, &p->read_from_ns,
				 fault);
	o->since_ns = p->read_from_ns;
	if (!r && spec->until.typed)
		r = tape_reader_use_index(p->reader, fault);
	return r < 0 ? r : 0;
}
