// SPDX-License-Identifier: MIT
/*
 * counts: gives the newest TALLY of a tape to another program, per tracepoint and CPU and as a sum.
 */
#include "library/tape-state.h"

size_t tcptape_n_counts(const struct tcptape *t)
{
	return tape_reader_meta(t->reader)->n_tallies;
}

/* Returns counted - recorded - lost, or 0 where that is negative: while a recording runs, rows may
 * be on the tape before they are counted. */
static uint64_t undelivered(const struct tally_record *r)
{
	uint64_t accounted = r->recorded + r->lost;

	return r->counted > accounted ? r->counted - accounted : 0;
}

const struct tcptape_counts *tcptape_counts(struct tcptape *t, size_t i)
{
	const struct tape_meta *meta = tape_reader_meta(t->reader);
	const struct tape_tracepoint *tp = NULL;
	const struct tally_record *r;

	if (i >= meta->n_tallies)
		return NULL;
	r = &meta->tallies[i];
	if (r->tracepoint < meta->n_tracepoints)
		tp = meta->tracepoints[r->tracepoint];
	t->counts = (struct tcptape_counts){
		.tracepoint = r->tracepoint,
		.cpu = r->cpu,
		.system = tp ? tp->system : NULL,
		.name = tp ? tp->name : NULL,
		.counted = r->counted,
		.recorded = r->recorded,
		.lost = r->lost,
		.undelivered = undelivered(r),
		.is_final = r->flags & TALLY_FINAL,
		.is_guessed = r->flags & TALLY_LOST_SHARED,
	};
	return &t->counts;
}

const struct tcptape_counts *tcptape_sums(struct tcptape *t)
{
	const struct tape_meta *meta = tape_reader_meta(t->reader);

	t->sums = (struct tcptape_counts){.is_final = meta->n_tallies > 0};
	for (size_t i = 0; i < meta->n_tallies; i++) {
		const struct tally_record *r = &meta->tallies[i];

		t->sums.counted += r->counted;
		t->sums.recorded += r->recorded;
		t->sums.lost += r->lost;
		t->sums.undelivered += undelivered(r);
		t->sums.is_final &= !!(r->flags & TALLY_FINAL);
		t->sums.is_guessed |= !!(r->flags & TALLY_LOST_SHARED);
	}
	return &t->sums;
}
