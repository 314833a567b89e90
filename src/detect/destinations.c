// SPDX-License-Identifier: MIT
#include "detect/destinations.h"

#include <errno.h>

#include "gather/stalls.h"

#define DESTINATIONS_MAX 32768u
/* A segment of that size passes everywhere (RFC 9293, 3.7.1: the default MSS), so that one that is
 * lost again and again is not too large for the path. */
#define SMALL_BYTES 536u

void destinations_init(struct destinations *s)
{
	*s = (struct destinations){.by_endpoint = {.key_size = sizeof(struct endpoint),
						   .item_size = sizeof(struct destination)}};
}

void destinations_done(struct destinations *s)
{
	groups_done(&s->by_endpoint);
	arena_done(&s->arena);
	map_done(&s->stalls);
}

/* *ret is NULL if there are too many destinations. 0 or -ENOMEM. */
static int destination_get(struct destinations *s, const struct endpoint *at,
			   struct destination **ret)
{
	const struct endpoint key = endpoint_key(at);
	int r;

	*ret = groups_get_up_to(&s->by_endpoint, &key, DESTINATIONS_MAX, &r);
	return r;
}

struct destination *destinations_find(const struct destinations *s, const struct endpoint *at)
{
	const struct endpoint key = endpoint_key(at);

	return groups_find(&s->by_endpoint, &key);
}

int destinations_note_here(struct destinations *s, const struct endpoint *server, uint32_t netns)
{
	struct destination *d;

	if (destination_get(s, server, &d) < 0)
		return -ENOMEM;
	if (!d)
		return 0;
	d->is_here = true;
	if (netns)
		d->netns = netns;
	return 0;
}

static int destination_add(struct destinations *all, struct destination *d, const struct take_up *u,
			   const struct tcp_conn *c, const struct conn_history *history)
{
	const struct counters s = take_up_counters(u, c, history);
	bool is_never = take_up_fate(u) == TAKE_UP_NEVER;
	uint64_t until = u->taken_ns ? u->taken_ns : is_never ? c->end_ns : u->last_ns;
	uint32_t early = u->n_timeouts + u->n_probes;

	if (!d->sums)
		d->sums = arena_alloc(&all->arena, sizeof(*d->sums));
	if (!d->sums)
		return -ENOMEM;
	if (s.conns.stalled && !map_put(&all->stalls, c->id, NULL))
		return -ENOMEM;
	counters_add_explained(d->sums, &s);
	d->never += is_never;
	d->never_big += is_never && (!u->has_info || u->sent_bytes > SMALL_BYTES);
	d->late += !is_never;
	d->with_syns += tcp_conn_cold(c)->n_syns > 0;
	d->stalled_dead += s.conns.stalled && stall_is_given_up(history, c->ending);
	d->stalled_open += s.conns.stalled && !stall_is_given_up(history, c->ending) &&
			   stall_is_for_good(history, c->ending);
	d->early += early;
	d->later += take_up_data_retrans(c) > u->n_timeouts
			    ? take_up_data_retrans(c) - u->n_timeouts
			    : 0;
	d->synacks += u->n_synacks;
	if (u->established_ns && until > u->established_ns &&
	    until - u->established_ns > d->longest_ns)
		d->longest_ns = until - u->established_ns;
	if (!d->first_ns || u->first_ns < d->first_ns)
		d->first_ns = u->first_ns;
	if (u->last_ns > d->last_ns)
		d->last_ns = u->last_ns;
	return 0;
}

static bool has_bytes(const struct tcp_conn *c)
{
	uint64_t tx, rx;

	return tcp_conn_bytes(c, &tx, &rx) && (tx || rx);
}

int destinations_add(struct destinations *s, const struct take_up *u, const struct tcp_conn *c,
		     const struct conn_history *history)
{
	enum take_up_fate fate = u ? take_up_fate(u) : TAKE_UP_AT_ONCE;
	struct destination *d;

	if (destination_get(s, &c->remote, &d) < 0)
		return -ENOMEM;
	if (!d)
		return 0;
	d->syn_again += tcp_conn_cold(c)->n_syns > 0;
	if (fate != TAKE_UP_NEVER && c->established_ns > d->good_ns && has_bytes(c))
		d->good_ns = c->established_ns;
	if (fate != TAKE_UP_AT_ONCE)
		return destination_add(s, d, u, c, history);
	d->later += take_up_data_retrans(c);
	return 0;
}
