// SPDX-License-Identifier: MIT
/*
 * The kinds of sections that carry, count and locate rows: CHUNK, MARK, LOSS, PAUSES, TALLY, INDEX
 * and TRAILER.
 */
#include "tape/section-kind.h"

#include <errno.h>

#include "tape/meta-array.h"
#include "tape/meta.h"

static int mark_decode(struct cursor *c, union tape_record *ret)
{
	return mark_record_decode(c, &ret->mark);
}

static int loss_decode(struct cursor *c, union tape_record *ret)
{
	return loss_record_decode(c, &ret->loss);
}

static int loss_take(struct tape_meta *m, const struct section_header *h,
		     const union tape_record *record, struct fault *fault)
{
	struct loss_record *place =
		meta_array_add(&m->arena, (void **)&m->losses, m->n_losses, sizeof(*place));

	if (!place)
		return -ENOMEM;
	*place = record->loss;
	m->n_losses++;
	return 0;
}

static int pause_decode(struct cursor *c, union tape_record *ret)
{
	return pause_record_decode(c, &ret->pause);
}

static int pause_take(struct tape_meta *m, const struct section_header *h,
		      const union tape_record *record, struct fault *fault)
{
	struct pause_record *place =
		meta_array_add(&m->arena, (void **)&m->pauses, m->n_pauses, sizeof(*place));

	if (!place)
		return -ENOMEM;
	*place = record->pause;
	m->n_pauses++;
	return 0;
}

static int tally_decode(struct cursor *c, union tape_record *ret)
{
	return tally_record_decode(c, &ret->tally);
}

/* A TALLY comes every few seconds for as long as the recording lasts, so that the memory of the
 * last one is reused. */
static int tally_begin(struct tape_meta *m, const struct section_header *h, size_t len,
		       struct fault *fault)
{
	size_t n = len / TALLY_LEN;

	if (n > m->tallies_cap) {
		size_t cap = meta_array_capacity(n);
		struct tally_record *bigger;

		if (cap * sizeof(*bigger) + m->arena.bytes > META_BYTES_MAX)
			return meta_full_fault(h, fault);
		bigger = arena_alloc(&m->arena, cap * sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		m->tallies = bigger;
		m->tallies_cap = cap;
	}
	m->n_tallies = 0;
	m->tally_ns = h->time_to;
	return 0;
}

static int tally_take(struct tape_meta *m, const struct section_header *h,
		      const union tape_record *record, struct fault *fault)
{
	m->tallies[m->n_tallies++] = record->tally;
	return 0;
}

static int index_decode(struct cursor *c, union tape_record *ret)
{
	return index_record_decode(c, &ret->index);
}

static int trailer_decode(struct cursor *c, union tape_record *ret)
{
	return trailer_record_decode(c, &ret->trailer);
}

static int trailer_take(struct tape_meta *m, const struct section_header *h,
			const union tape_record *record, struct fault *fault)
{
	m->has_trailer = true;
	return 0;
}

const struct section_kind kinds_count[] = {
	{.number = TAPE_KIND_CHUNK, .name = "CHUNK", .has_tracepoint = true},
	{.number = TAPE_KIND_MARK, .name = "MARK", .is_single = true, .decode = mark_decode},
	{.number = TAPE_KIND_LOSS, .name = "LOSS", .decode = loss_decode, .take = loss_take},
	{.number = TAPE_KIND_PAUSES, .name = "PAUSES", .decode = pause_decode, .take = pause_take},
	{.number = TAPE_KIND_TALLY,
	 .name = "TALLY",
	 .decode = tally_decode,
	 .begin = tally_begin,
	 .take = tally_take,
	 .needs_no_memory = true},
	{.number = TAPE_KIND_INDEX, .name = "INDEX", .decode = index_decode},
	{.number = TAPE_KIND_TRAILER,
	 .name = "TRAILER",
	 .is_single = true,
	 .decode = trailer_decode,
	 .take = trailer_take,
	 .needs_no_memory = true},
};
const size_t n_kinds_count = ARRAY_SIZE(kinds_count);
