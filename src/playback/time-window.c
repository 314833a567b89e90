// SPDX-License-Identifier: MIT
#include "playback/time-window.h"

/* The bounds as they were typed, on the clock that each of them means. */
struct bounds {
	bool is_since_wall, is_until_wall;
	uint64_t since_ns, until_ns;	/* tape clock, where they are not wall time */
	int64_t since_real, until_real; /* where they are */
	uint64_t start_ns;		/* of the tape */
};

bool time_window_needs_wall(const struct time_window_spec *spec)
{
	return (spec->since.typed && !spec->since.is_relative) ||
	       (spec->until.typed && !spec->until.is_relative);
}

/* The tape clock at a wall time, if the stretch had neither beginning nor end. The tape clock has
 * no time before the host was started. */
static uint64_t stretch_ts(const struct wall_stretch *s, int64_t real_ns)
{
	uint64_t ts = (uint64_t)real_ns - s->offset_ns;

	return (int64_t)ts < 0 ? 0 : ts;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* The first moment of the recording, not before begin_ns, at which the wall clock showed real_ns
 * or more. UINT64_MAX: there is none. */
static uint64_t first_from(const struct wall_clock *w, uint64_t begin_ns, int64_t real_ns)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct wall_stretch *s = &w->stretches[i];
		uint64_t ts = later(stretch_ts(s, real_ns), i ? s->from_ns : 0);

		ts = later(ts, begin_ns);
		if (ts < wall_clock_end(w, i))
			return ts;
	}
	return UINT64_MAX;
}

/* The first moment of the recording whose wall time lies between the bounds that are wall time. */
static uint64_t window_begin(const struct bounds *b, const struct wall_clock *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct wall_stretch *s = &w->stretches[i];
		uint64_t ts = i ? later(s->from_ns, b->start_ns) : b->start_ns;

		if (b->is_since_wall)
			ts = later(ts, stretch_ts(s, b->since_real));
		if (ts < wall_clock_end(w, i) &&
		    (!b->is_until_wall || ts < stretch_ts(s, b->until_real)))
			return ts;
	}
	return UINT64_MAX;
}

static int bounds_take(const struct time_spec *spec, const struct tape_meta *meta, bool is_utc,
		       bool *ret_is_wall, uint64_t *ret_ns, int64_t *ret_real, struct fault *fault)
{
	*ret_is_wall = !spec->is_relative;
	if (spec->is_relative) {
		*ret_ns = time_spec_after(spec, meta);
		return 0;
	}
	return time_spec_wall(spec, meta, is_utc, ret_real, fault);
}

int time_window_resolve(const struct time_window_spec *spec, const struct tape_meta *meta,
			const struct wall_clock *wall, struct time_window *ret, struct fault *fault)
{
	struct bounds b = {.start_ns = meta_start_ns(meta)};
	int r = 0;

	*ret = (struct time_window){0, UINT64_MAX};
	if (spec->until.typed)
		r = bounds_take(&spec->until, meta, spec->is_utc, &b.is_until_wall, &b.until_ns,
				&b.until_real, fault);
	if (!r && spec->since.typed)
		r = bounds_take(&spec->since, meta, spec->is_utc, &b.is_since_wall, &b.since_ns,
				&b.since_real, fault);
	if (r < 0)
		return r;
	if (spec->since.typed && !b.is_since_wall)
		ret->since_ns = b.since_ns;
	else if (b.is_since_wall || b.is_until_wall)
		ret->since_ns = window_begin(&b, wall);
	if (ret->since_ns <= b.start_ns && (!spec->since.typed || b.is_since_wall))
		ret->since_ns = 0;
	if (b.is_until_wall)
		ret->until_ns = first_from(wall, later(ret->since_ns, b.start_ns), b.until_real);
	else if (spec->until.typed)
		ret->until_ns = b.until_ns;
	return 0;
}
