// SPDX-License-Identifier: MIT
#include "playback/clock-steps.h"

#include "base/units.h"
#include "base/walltime.h"

/* The end of a sleep is known to the wall clock and to CLOCK_BOOTTIME alike, but they are not read
 * at the same time. */
#define TOLERANCE_NS (10 * (int64_t)NSEC_PER_MSEC)
/* More notes of steps than these say only how many there are. */
#define NOTES_MAX 3u

size_t clock_steps_count(const struct tape_meta *meta)
{
	return meta->wall.n ? meta->wall.n - 1 : 0;
}

/* How many sleeps there were up to a time. */
static size_t sleeps_until(const struct tape_meta *meta, uint64_t ts_ns)
{
	size_t low = 0, high = meta->n_sleeps;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (meta->sleeps[middle].mono_ns <= ts_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct clock_step clock_steps_get(const struct tape_meta *meta, size_t i)
{
	const struct wall_stretch *last = &meta->wall.stretches[i];
	const struct wall_stretch *next = &meta->wall.stretches[i + 1];
	struct clock_step s = {
		.ts_ns = next->from_ns,
		.before_ns = (int64_t)(next->from_ns + last->offset_ns),
		.after_ns = (int64_t)(next->from_ns + next->offset_ns),
	};

	for (size_t k = sleeps_until(meta, last->from_ns);
	     k < meta->n_sleeps && meta->sleeps[k].mono_ns <= next->from_ns; k++)
		s.slept_ns += meta->sleeps[k].slept_ns;
	return s;
}

int64_t clock_step_set_ns(const struct clock_step *s)
{
	/* Modulo 2^64: a tape may say anything. */
	int64_t set = (int64_t)((uint64_t)s->after_ns - (uint64_t)s->before_ns - s->slept_ns);

	return s->slept_ns && set <= TOLERANCE_NS && set >= -TOLERANCE_NS ? 0 : set;
}

void clock_step_text(const struct clock_step *s, bool is_utc, struct text *t)
{
	int64_t set = clock_step_set_ns(s);

	if (s->slept_ns) {
		text_str(t, "the host slept for ");
		units_duration(t, s->slept_ns);
		if (set)
			text_str(t, ", and ");
	}
	if (set) {
		text_printf(t, "the wall clock was set %s by ", set < 0 ? "back" : "forward");
		units_duration(t, set < 0 ? 0 - (uint64_t)set : (uint64_t)set);
	}
	text_str(t, ", from ");
	walltime_date(t, s->before_ns, is_utc);
	text_str(t, " to ");
	walltime_date(t, s->after_ns, is_utc);
}

static int step_notes(const struct tape_meta *meta, bool is_utc, struct table_sink *out,
		      struct fault *fault)
{
	size_t n = clock_steps_count(meta);
	struct text t CLEANUP(text_done) = {0};
	int r = 0;

	for (size_t i = 0; !r && i < n && i < NOTES_MAX; i++) {
		struct clock_step s = clock_steps_get(meta, i);

		text_clear(&t);
		clock_step_text(&s, is_utc, &t);
		r = table_note(out, text_cstr(&t), fault);
	}
	if (r || n <= NOTES_MAX)
		return r;
	text_clear(&t);
	text_printf(&t, "the wall clock was set %zu times more (tcptape info --json has all)",
		    n - NOTES_MAX);
	return table_note(out, text_cstr(&t), fault);
}

/* How many stretches of the recording showed this wall time. */
static size_t times_shown(const struct tape_meta *meta, int64_t real_ns)
{
	size_t n = 0;

	for (size_t i = 0; i < meta->wall.n; i++) {
		const struct wall_stretch *s = &meta->wall.stretches[i];
		uint64_t from = i ? s->from_ns : meta_start_ns(meta);
		uint64_t to =
			i + 1 < meta->wall.n ? wall_clock_end(&meta->wall, i) : meta_end_ns(meta);
		uint64_t ts = (uint64_t)real_ns - s->offset_ns;

		n += ts >= from && ts < to;
	}
	return n;
}

/* Was this wall time left out by a step forward? */
static bool is_left_out(const struct tape_meta *meta, int64_t real_ns)
{
	for (size_t i = 0; i < clock_steps_count(meta); i++) {
		struct clock_step s = clock_steps_get(meta, i);

		if (real_ns >= s.before_ns && real_ns < s.after_ns)
			return true;
	}
	return false;
}

static int spec_note(const struct tape_meta *meta, const char *option, const struct time_spec *spec,
		     bool is_utc, struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	int64_t real_ns;
	size_t n;

	if (!spec->typed || spec->is_relative ||
	    time_spec_wall(spec, meta, is_utc, &real_ns, NULL) < 0)
		return 0;
	n = times_shown(meta, real_ns);
	if (n > 1)
		text_printf(&t,
			    "%s %s: the wall clock showed that %zu times, because it was set back; "
			    "the first is meant (+TIME counts from the start of the tape)",
			    option, spec->typed, n);
	else if (!n && is_left_out(meta, real_ns))
		text_printf(&t,
			    "%s %s: the wall clock never showed that, because it was set forward",
			    option, spec->typed);
	return t.len ? table_note(out, text_cstr(&t), fault) : 0;
}

int clock_steps_notes(const struct tape_meta *meta, const struct time_window_spec *spec,
		      struct table_sink *out, struct fault *fault)
{
	int r = step_notes(meta, spec->is_utc, out, fault);

	if (r || !clock_steps_count(meta))
		return r;
	r = spec_note(meta, "--since", &spec->since, spec->is_utc, out, fault);
	return r ? r : spec_note(meta, "--until", &spec->until, spec->is_utc, out, fault);
}
