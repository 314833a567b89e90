// SPDX-License-Identifier: MIT
#include "detect/changes.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "detect/rule-words.h"
#include "detect/services.h"

/* Smaller changes are not significant. */
#define TIMES_MIN 2u
/* Losses come in bursts: the variance of their counts is several times that of independent events.
 * So the standard deviation is taken to be twice as large (an index of dispersion of 4), and the
 * rates must be three of these apart. */
#define DISPERSION 2u
#define Z_MIN	   3u

void changes_rule(struct text *t)
{
	text_printf(t,
		    "%u events or more in both together, %s as many or half as many against the "
		    "traffic (against time where that is not known), and %s standard deviations "
		    "apart (square roots of the counts: Gu et al. 2008), these taken %s as wide "
		    "because losses come in bursts; what only one tape has is new or gone, and no "
		    "change",
		    CHANGE_EVENTS_MIN, times_word(TIMES_MIN), number_word(Z_MIN),
		    times_word(DISPERSION));
}

const struct change_metric_info change_metrics[CHANGE_METRICS] = {
	[CHANGE_RETRANS] = {"retransmissions", "retransmissions", "of the segments", true},
	[CHANGE_TIMEOUTS] = {"timeouts", "timeouts", "of the segments", true},
	[CHANGE_FAILURES] = {"connect_failures", "failed connects", "of the attempts", true},
	[CHANGE_RESETS] = {"resets", "resets", "of the connections", true},
	[CHANGE_SYNACKS] = {"synack_retrans", "retransmitted SYN-ACKs", "of those who called",
			    true},
	[CHANGE_CONNECTIONS] = {"connections", "connections", NULL, false},
};

/* Another tape has other pointers to the same words. */
static void key_take_words(const struct groups *groups, struct group_key *key)
{
	struct group_walk walk = {0};
	const struct change_group *g;

	while ((g = groups_next(groups, &walk))) {
		if (!group_key_compare(&g->key, key)) {
			key->container = g->key.container;
			key->unit = g->key.unit;
			return;
		}
	}
}

static int changes_add_groups(struct changes *c, enum group_by d, unsigned int side,
			      const struct groups *from, const struct services_moved *moved)
{
	struct group_walk walk = {0};
	const struct conn_group *g;

	while ((g = groups_next(from, &walk))) {
		struct change_group *own;
		struct group_key key;

		memcpy(&key, &g->key, sizeof(key));
		/* The same program has another process id on another tape. */
		if (d == GROUP_BY_PROCESS)
			key.pid = 0;
		if (d == GROUP_BY_CONTAINER && side)
			key_take_words(&c->groups[d], &key);
		if (d == GROUP_BY_DESTINATION && !side)
			key.port = services_moved_port(moved, key.port);
		own = groups_get(&c->groups[d], &key);
		if (!own)
			return -ENOMEM;
		own->is_on[side] = true;
		change_counts_add(own->counts, side, &g->counters);
	}
	return 0;
}

static int changes_add_tape(struct changes *c, unsigned int side, const struct gathered *in)
{
	const struct services_moved moved = services_moved(&c->groups[GROUP_BY_PORT]);
	const struct counters *s = &in->total;
	int r = 0;

	c->seconds[side] = in->to_ns > in->from_ns ? (double)(in->to_ns - in->from_ns) / 1e9 : 0;
	change_counts_add(c->total, side, s);
	for (unsigned int cause = 0; cause < TCP_CAUSE_N; cause++)
		c->causes[cause].sides[side] =
			(struct change_side){s->events.retrans[cause], change_segments(s)};
	for (unsigned int d = 0; !r && d < GROUP_BY_N; d++) {
		if (d != GROUP_BY_PORT)
			r = changes_add_groups(c, d, side, &in->groups[d], &moved);
	}
	return r;
}

int changes_make(struct changes *c, const struct gathered *before, const struct gathered *after)
{
	int r;

	*c = (struct changes){.labels = gathered_labels(after)};
	for (unsigned int d = 0; d < GROUP_BY_N; d++)
		c->groups[d] = (struct groups){.key_size = sizeof(struct group_key),
					       .item_size = sizeof(struct change_group)};
	r = services_match(&c->groups[GROUP_BY_PORT], before, after);
	if (!r)
		r = changes_add_tape(c, 0, before);
	return r ? r : changes_add_tape(c, 1, after);
}

void changes_done(struct changes *c)
{
	for (unsigned int d = 0; d < GROUP_BY_N; d++)
		groups_done(&c->groups[d]);
}

/*
 * The test of two rates by the square roots of their counts, which have a variance of a quarter
 * whatever the rate is. It holds for few events and very unlike exposures, too (Gu, Ng, Tang and
 * Schucany 2008, Biometrical Journal 50, 283-298).
 */
static double z_of(const struct change_side sides[2], double e0, double e1)
{
	double d = e1 / e0, before = (double)sides[0].n + 0.375, after = (double)sides[1].n + 0.375;

	return 2 * (sqrt(after) - sqrt(d * before)) / sqrt(1 + d) / DISPERSION;
}

static struct change change_compare(const struct changes *c, const struct change_count *count)
{
	const struct change_side *s = count->sides;
	double e0 = s[0].exposure, e1 = s[1].exposure;
	struct change r = {0};

	/* If one side has no traffic there are no shares, so rates over time are compared. */
	if (!(e0 > 0 && e1 > 0)) {
		r.is_per_second = true;
		e0 = c->seconds[0];
		e1 = c->seconds[1];
	}
	if (!(e0 > 0 && e1 > 0))
		return r;
	r.rates[0] = (double)s[0].n / e0;
	r.rates[1] = (double)s[1].n / e1;
	r.is_new = !s[0].n && s[1].n;
	r.is_gone = s[0].n && !s[1].n;
	if (s[0].n + s[1].n < CHANGE_EVENTS_MIN)
		return r;
	r.z = z_of(s, e0, e1);
	r.is_significant = fabs(r.z) >= Z_MIN && (r.rates[1] >= TIMES_MIN * r.rates[0] ||
						  r.rates[0] >= TIMES_MIN * r.rates[1]);
	return r;
}

struct change change_of_cause(const struct changes *c, enum tcp_cause cause)
{
	return change_compare(c, &c->causes[cause]);
}

struct change change_of(const struct changes *c, const struct change_count *counts,
			enum change_metric m)
{
	struct change r = change_compare(c, &counts[m]);

	/* A group that has no connections on the later tape has not got better. */
	if (change_metrics[m].is_trouble && r.z < 0 && !counts[CHANGE_CONNECTIONS].sides[1].n)
		r.is_significant = false;
	return r;
}

struct change change_of_group(const struct changes *c, const struct change_group *g,
			      enum change_metric m)
{
	struct change r = change_of(c, g->counts, m);

	r.is_incomparable = !g->is_on[0] || !g->is_on[1];
	r.is_significant &= !r.is_incomparable;
	return r;
}

/* The counts of a new group, with those of the whole first tape in place of its own. */
static struct change_count against_all(const struct changes *c, const struct change_count *counts,
				       enum change_metric m)
{
	return (struct change_count){{c->total[m].sides[0], counts[m].sides[1]}};
}

struct change change_against_all(const struct changes *c, const struct change_count *counts,
				 enum change_metric m)
{
	const struct change_count count = against_all(c, counts, m);

	return change_compare(c, &count);
}

double change_excess(const struct changes *c, const struct change_count *counts,
		     enum change_metric m, bool of_new)
{
	const struct change_count count = of_new ? against_all(c, counts, m) : counts[m];
	const struct change_side *s = count.sides;
	bool has_shares = s[0].exposure > 0 && s[1].exposure > 0;
	double e0 = has_shares ? s[0].exposure : c->seconds[0];
	double e1 = has_shares ? s[1].exposure : c->seconds[1];

	return e0 > 0 ? (double)s[1].n - (double)s[0].n * e1 / e0 : 0;
}

void change_group_text(enum group_by d, const struct change_group *g, const struct labels *names,
		       struct text *t)
{
	group_key_text(d, &g->key, names, t);
	if (d != GROUP_BY_PORT || (!g->comm[0] && !g->port_before))
		return;
	text_str(t, " (");
	text_mem(t, g->comm, strlen(g->comm));
	if (g->port_before)
		text_printf(t, "%sport %u before", g->comm[0] ? "; " : "", g->port_before);
	text_char(t, ')');
}
