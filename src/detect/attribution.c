// SPDX-License-Identifier: MIT
#include "detect/attribution.h"

/* Share of the traffic that must go elsewhere, so that there is something to compare with. */
#define REST_PPM 20000u

bool loss_is_spurious(const struct counters *s)
{
	return s->tcp_info.spurious_bytes &&
	       s->tcp_info.spurious_bytes * 2 >= s->tcp_info.retrans_bytes;
}

bool loss_is_bad(const struct counters *s)
{
	uint64_t n = counters_data_lost(s), ppm = counters_lost_rate(s).ppm;

	if (n < LOSS_RESENT_MIN)
		return n >= LOSS_FEW_MIN && ppm >= LOSS_CRITICAL_PPM && !loss_is_spurious(s);
	return ppm >= (loss_is_spurious(s) ? LOSS_WARNING_PPM : LOSS_NOTICE_PPM);
}

bool loss_is_apart(const struct rate *in, const struct rate *rest)
{
	return rest->whole && ppm_of(rest->whole, in->whole + rest->whole) >= REST_PPM &&
	       in->ppm >= LOSS_CLEANER * rest->ppm;
}

/* The rate of the other ports of the same side. The ports of this host are not compared with those
 * of peers: data to clients takes another path than data to servers. */
static struct rate rest_of_ports(const struct gathered *in, const struct conn_group *g)
{
	struct rate rest = {.basis = counters_lost_rate(&g->counters).basis};
	struct group_walk walk = {0};
	const struct conn_group *other;

	while ((other = groups_next(&in->groups[GROUP_BY_PORT], &walk))) {
		struct rate rate = counters_lost_rate(&other->counters);

		if (other == g || other->key.is_served != g->key.is_served ||
		    rate.basis != rest.basis)
			continue;
		rest.part += rate.part;
		rest.whole += rate.whole;
	}
	rest.ppm = ppm_of(rest.part, rest.whole);
	return rest;
}

/* True if s has most of the loss of all, by bytes or by number. Both are tried, because by bytes a
 * few large segments weigh as much as many small ones. */
static bool counters_explain(const struct counters *all, const struct counters *s)
{
	uint64_t bytes = ppm_of(counters_lost_rate(s).part, counters_lost_rate(all).part);
	uint64_t number = ppm_of(counters_data_lost(s), counters_data_lost(all));

	return bytes >= LOSS_EXPLAINS_PPM || number >= LOSS_EXPLAINS_PPM;
}

/* Replaces *best by g if g is a better explanation. */
static void attribution_consider(struct attribution *best, const struct gathered *in,
				 enum group_by d, const struct conn_group *g)
{
	struct rate all = counters_lost_rate(&in->total);
	struct rate rate = counters_lost_rate(&g->counters), rest;

	if (!loss_is_bad(&g->counters) || rate.basis != all.basis ||
	    !counters_explain(&in->total, &g->counters))
		return;
	/* rest_of_ports() walks over all ports, so only few groups may get here. */
	rest = d == GROUP_BY_PORT ? rest_of_ports(in, g)
				  : counters_lost_of_rest(&in->total, &g->counters);
	if (!loss_is_apart(&rate, &rest))
		return;
	/* A group with hardly less traffic is no better explanation, only a narrower one. */
	if (best->group && rate.whole >= best->whole - best->whole / 20)
		return;
	*best = (struct attribution){d, g, rate.whole};
}

static void attribution_consider_all(struct attribution *best, const struct gathered *in,
				     enum group_by d)
{
	struct group_walk walk = {0};
	const struct conn_group *g;

	while ((g = groups_next(&in->groups[d], &walk)))
		attribution_consider(best, in, d, g);
}

struct attribution attribution_find(const struct gathered *in)
{
	static const enum group_by order[] = {GROUP_BY_PEER, GROUP_BY_PREFIX, GROUP_BY_PORT,
					      GROUP_BY_DESTINATION};
	struct attribution best = {0};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		attribution_consider_all(&best, in, order[i]);
	/* Where the packets go to says more about a loss than who sends them. */
	if (!best.group)
		attribution_consider_all(&best, in, GROUP_BY_CONTAINER);
	return best;
}

const struct conn_group *attribution_main(const struct gathered *in, enum group_by by,
					  uint64_t (*count)(const struct counters *s), uint64_t n)
{
	struct group_walk walk = {0};
	const struct conn_group *g;

	while (n && (g = groups_next(&in->groups[by], &walk))) {
		if (ppm_of(count(&g->counters), n) >= LOSS_EXPLAINS_PPM)
			return g;
	}
	return NULL;
}
