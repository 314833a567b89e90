// SPDX-License-Identifier: MIT
/*
 * history-strips: what was sampled of a connection, as a strip for each quantity that it has.
 */
#include <string.h>

#include "pages/history.h"

static struct document_point point_of(const struct conn_sample_slot *slot, enum conn_quantity q)
{
	const struct conn_sample_range *r = &slot->ranges[q];

	return (struct document_point){slot->from_ns, slot->until_ns, r->least,
				       r->most,	      r->last,	      slot->n};
}

static void point_absorb(struct document_point *to, const struct document_point *later)
{
	to->until_ns = later->until_ns;
	to->least = later->least < to->least ? later->least : to->least;
	to->most = later->most > to->most ? later->most : to->most;
	to->last = later->last;
	to->n += later->n;
}

/* Makes the points of one quantity, of `step` slots each. Returns their number. */
static size_t points_make(const struct conn_samples *s, enum conn_quantity q, size_t step,
			  struct document_point *ret)
{
	size_t n = 0, of_last = SIZE_MAX;

	for (size_t i = 0; i < s->n; i++) {
		struct document_point point;

		if (!(s->slots[i].known >> q & 1))
			continue;
		point = point_of(&s->slots[i], q);
		if (i / step == of_last)
			point_absorb(&ret[n - 1], &point);
		else
			ret[n++] = point;
		of_last = i / step;
	}
	return n;
}

void history_add_strips(const struct history_source *p, const struct worst_conn *c,
			size_t points_max, struct document_history *ret)
{
	const struct conn_samples *s = c->conn_history ? &c->conn_history->samples : NULL;
	size_t step = s && s->n > points_max ? (s->n + points_max - 1) / points_max : 1;
	struct document_strip *strips;

	if (!s || !s->n)
		return;
	strips = document_builder_alloc(p->builder, CONN_QUANTITIES * sizeof(*strips));
	for (unsigned int q = 0; strips && q < CONN_QUANTITIES; q++) {
		struct document_point *points =
			document_builder_alloc(p->builder, (s->n / step + 1) * sizeof(*points));
		size_t n = points ? points_make(s, q, step, points) : 0;

		if (n)
			strips[ret->n_strips++] = (struct document_strip){
				.key = conn_quantities[q].key,
				.label = conn_quantities[q].label,
				.unit = conn_quantities[q].unit,
				.points = points,
				.n = n,
			};
	}
	ret->strips = strips;
}
