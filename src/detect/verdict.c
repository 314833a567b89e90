// SPDX-License-Identifier: MIT
#include "detect/verdict.h"

#include "base/units.h"

static uint64_t at_most(uint64_t ns, uint64_t whole)
{
	return ns < whole ? ns : whole;
}

struct busy_time busy_time_of(const struct counters *s)
{
	uint64_t by_kernel = s->tcp_info.timeouts_ms * NSEC_PER_MSEC;
	struct busy_time t = {
		.conns = s->tcp_info.busy_us ? s->tcp_info.conns : 0,
		.busy_ns = s->tcp_info.busy_us * NSEC_PER_USEC,
	};

	t.repairing_ns = at_most(
		s->events.repairing_ns > by_kernel ? s->events.repairing_ns : by_kernel, t.busy_ns);
	t.window_ns = at_most(s->tcp_info.rwnd_limited_us * NSEC_PER_USEC, t.busy_ns);
	t.buffer_ns = at_most(s->tcp_info.sndbuf_limited_us * NSEC_PER_USEC, t.busy_ns);
	return t;
}

struct verdict verdict_of(const struct findings *f)
{
	const struct finding *worst = f->n ? f->items[0] : NULL;
	struct verdict v = {.time = busy_time_of(&f->in->total)};

	if (!worst) {
		v.is_untold = true;
		return v;
	}
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *x = f->items[i];

		if (x->shown.level >= DOCUMENT_WARNING)
			v.has_places[x->place] = true;
	}
	v.is_good = worst->shown.level < DOCUMENT_WARNING && !worst->is_of_blindness;
	v.is_untold = worst->is_of_blindness;
	if (worst->shown.level >= DOCUMENT_WARNING)
		v.place = worst->place;
	return v;
}
