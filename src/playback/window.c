// SPDX-License-Identifier: MIT
#include "merge/warmup.h"
#include "playback/playback-state.h"

/* Rows before --since that are read all the same: owners, ports and congestion states are learned
 * from them. More would take longer than a reader should wait for the first line of a long tape. */
#define WARMUP_ROWS 200000u

int playback_resolve_window(struct playback *p, struct fault *fault)
{
	const struct playback_options *o = &p->o;
	int r = 0;

	p->is_window_known = true;
	if (o->until.typed)
		r = time_spec_resolve(&o->until, p->meta, o->is_utc, &p->context.until_ns, fault);
	if (!r && o->since.typed)
		r = time_spec_resolve(&o->since, p->meta, o->is_utc, &p->context.since_ns, fault);
	return r;
}

int playback_limit_reading(struct playback *p, struct merge_options *o, struct fault *fault)
{
	int r = 0;

	o->until_ns = p->context.until_ns;
	if (p->o.since.typed && !p->o.from_start)
		r = merge_warmup(p->reader, o, p->context.since_ns, WARMUP_ROWS, &p->read_from_ns,
				 fault);
	o->since_ns = p->read_from_ns;
	if (!r && p->o.until.typed)
		r = tape_reader_use_index(p->reader, fault);
	return r < 0 ? r : 0;
}
