// SPDX-License-Identifier: MIT
#include "report/culprit.h"

#define FEW_MIN	 5u
#define CLEANER	 5u	/* times, the rest must be */
#define REST_PPM 20000u /* of the traffic there must be to compare with */

bool loss_is_needless(const struct report_sums *s)
{
	return s->needless_bytes && s->needless_bytes * 2 >= s->resent_bytes;
}

bool loss_is_bad(const struct report_sums *s)
{
	uint64_t n = report_data_lost(s), ppm = report_lost_rate(s).ppm;

	if (n < LOSS_RESENT_MIN)
		return n >= FEW_MIN && ppm >= LOSS_CRITICAL_PPM && !loss_is_needless(s);
	return ppm >= (loss_is_needless(s) ? LOSS_WARNING_PPM : LOSS_NOTICE_PPM);
}

bool loss_is_apart(const struct report_rate *in, const struct report_rate *rest)
{
	return rest->whole && report_ppm(rest->whole, in->whole + rest->whole) >= REST_PPM &&
	       in->ppm >= CLEANER * rest->ppm;
}

/* What the other ports of the same side have: what peers answer is no measure for what is sent to
 * them. */
static struct report_rate rest_of_ports(const struct incident *in, const struct report_group *g)
{
	struct report_rate rest = {.basis = report_lost_rate(&g->sums).basis};
	struct group_walk walk = {0};
	const struct report_group *other;

	while ((other = groups_next(&in->groups[REPORT_BY_PORT], &walk))) {
		struct report_rate rate = report_lost_rate(&other->sums);

		if (other == g || other->key.is_served != g->key.is_served ||
		    rate.basis != rest.basis)
			continue;
		rest.part += rate.part;
		rest.whole += rate.whole;
	}
	rest.ppm = report_ppm(rest.part, rest.whole);
	return rest;
}

/* Of what was lost, by bytes or by number: a few large segments weigh as much as many small ones. */
static bool explains(const struct report_sums *all, const struct report_sums *s)
{
	uint64_t bytes = report_ppm(report_lost_rate(s).part, report_lost_rate(all).part);
	uint64_t number = report_ppm(report_data_lost(s), report_data_lost(all));

	return bytes >= LOSS_EXPLAINS_PPM || number >= LOSS_EXPLAINS_PPM;
}

static void consider(struct culprit *best, const struct incident *in, enum report_dimension d,
		     const struct report_group *g)
{
	struct report_rate all = report_lost_rate(&in->total);
	struct report_rate rate = report_lost_rate(&g->sums);
	struct report_rate rest = d == REPORT_BY_PORT ? rest_of_ports(in, g)
						      : report_lost_of_rest(&in->total, &g->sums);

	if (!loss_is_bad(&g->sums) || rate.basis != all.basis || !loss_is_apart(&rate, &rest) ||
	    !explains(&in->total, &g->sums))
		return;
	/* A twentieth less traffic is not a better explanation, only a narrower one. */
	if (best->group && rate.whole >= best->whole - best->whole / 20)
		return;
	*best = (struct culprit){d, g, rate.whole};
}

struct culprit culprit_find(const struct incident *in)
{
	static const enum report_dimension order[] = {REPORT_BY_PEER, REPORT_BY_PREFIX,
						      REPORT_BY_PORT, REPORT_BY_DESTINATION};
	struct culprit best = {0};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		struct group_walk walk = {0};
		const struct report_group *g;

		while ((g = groups_next(&in->groups[order[i]], &walk)))
			consider(&best, in, order[i], g);
	}
	return best;
}
