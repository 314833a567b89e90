// SPDX-License-Identifier: MIT
#include "merge/warmup.h"

/* A question about entries of the INDEX. */
struct warmup {
	const struct tape_meta *meta;
	const struct merge_options *options;
};

static bool warmup_wants(void *userdata, const struct index_record *e)
{
	const struct warmup *w = userdata;
	const struct merge_options *o = w->options;
	const struct tape_tracepoint *tp =
		e->subject < w->meta->n_tracepoints ? w->meta->tracepoints[e->subject] : NULL;

	return tp && (!o->wants || o->wants(o->userdata, tp));
}

int merge_warmup(struct tape_reader *r, const struct merge_options *o, uint64_t since_ns,
		 uint64_t max_rows, uint64_t *ret_ns, struct fault *fault)
{
	struct warmup w = {.meta = tape_reader_meta(r), .options = o};
	int has_index = tape_reader_use_index(r, fault);

	if (has_index < 0)
		return has_index;
	*ret_ns = has_index ? tape_index_warmup(tape_reader_index(r), since_ns, max_rows,
						warmup_wants, &w)
			    : 0;
	return 0;
}
