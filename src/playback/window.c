// SPDX-License-Identifier: MIT
#include "playback/playback-state.h"

/* Rows before --since that are read all the same: owners, ports and congestion states are learned
 * from them. More would take longer than a reader should wait for the first line of a long tape. */
#define LEAD_ROWS 200000u

/* What --since and --until mean. Chunks behind are not expanded then, and those long before are
 * passed over. */
int playback_resolve_window(struct playback *p, struct fault *fault)
{
	const struct playback_options *o = &p->o;
	int r = 0;

	p->is_window_known = true;
	if (o->until.typed)
		r = time_spec_resolve(&o->until, p->meta, o->is_utc, &p->merge_ops.until_ns, fault);
	p->context.until_ns = p->merge_ops.until_ns;
	if (!r && o->since.typed)
		r = time_spec_resolve(&o->since, p->meta, o->is_utc, &p->context.since_ns, fault);
	if (!r && o->since.typed && !o->from_start)
		r = tape_merge_lead(p->merge, p->context.since_ns, LEAD_ROWS,
				    &p->merge_ops.since_ns, fault);
	if (!r && o->until.typed)
		r = tape_reader_use_index(p->reader, fault);
	return r < 0 ? r : 0;
}

/* The tape's clock stands before the first chunk; where there is none, the first row tells. */
int playback_first_chunk(void *userdata, struct fault *fault)
{
	struct playback *p = userdata;

	return p->meta->n_clocks ? playback_resolve_window(p, fault) : 0;
}
