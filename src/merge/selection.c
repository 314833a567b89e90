// SPDX-License-Identifier: MIT
#include "merge/selection.h"

static bool selection_wants(struct merge_selection *s, const struct tape_tracepoint *tp)
{
	const struct merge_options *o = s->options;

	if (!s->wanted[tp->index])
		s->wanted[tp->index] = !o->wants || o->wants(o->userdata, tp) ? 2 : 1;
	return s->wanted[tp->index] == 2;
}

static uint64_t selection_since(const struct merge_selection *s, const struct tape_tracepoint *tp)
{
	const struct merge_options *o = s->options;
	bool is_always = o->since_ns && o->always && o->always(o->userdata, tp);

	return is_always ? 0 : o->since_ns;
}

bool merge_selection_of(struct merge_selection *s, const struct section_header *h,
			struct row_selection *ret)
{
	const struct merge_options *o = s->options;
	const struct tape_tracepoint *tp =
		h->subject < s->meta->n_tracepoints ? s->meta->tracepoints[h->subject] : NULL;

	*ret = (struct row_selection){0};
	if (!tp)
		return false;
	if (!selection_wants(s, tp) || h->time_to < selection_since(s, tp) ||
	    h->time_from >= o->until_ns)
		return true;
	*ret = (struct row_selection){
		.tracepoint = tp,
		.since = selection_since(s, tp),
		.until = o->until_ns,
		.columns = o->columns ? o->columns(o->userdata, tp) : NULL,
	};
	return true;
}
