// SPDX-License-Identifier: MIT
#include "detect/verdict.h"

#include "base/units.h"

static uint64_t at_most(uint64_t ns, uint64_t whole)
{
	return ns < whole ? ns : whole;
}

struct busy_time busy_time_of(const struct gathered *in, const struct counters *s)
{
	tcp_kinds recorded = in->context->recorded;
	bool has_states = recorded & TCP_KIND_BIT(TCP_KIND_CONG_STATE);
	struct busy_time t = {
		.conns = s->tcp_info.busy_us ? s->tcp_info.conns : 0,
		.busy_ns = s->tcp_info.busy_us * NSEC_PER_USEC,
	};

	t.repairing_ns = at_most(s->tcp_info.repairing_ns, t.busy_ns);
	t.knows_repairing = has_states || recorded & TCP_KIND_BIT(TCP_KIND_RETRANSMIT) ||
			    s->tcp_info.with_timeouts;
	t.is_least = !has_states || in->conn_histories.n_refused;
	t.window_ns = at_most(s->tcp_info.rwnd_limited_us * NSEC_PER_USEC, t.busy_ns);
	t.buffer_ns = at_most(s->tcp_info.sndbuf_limited_us * NSEC_PER_USEC, t.busy_ns);
	return t;
}

struct verdict verdict_of(const struct findings *f)
{
	const struct finding *worst = f->n ? f->items[0] : NULL;
	struct verdict v = {.time = busy_time_of(f->in, &f->in->total)};

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
