// SPDX-License-Identifier: MIT
/*
 * connects --count: counts attempts per destination and by retransmitted SYNs, their latencies, and
 * retransmitted SYN-ACKs per listener.
 */
#include <errno.h>

#include "view/connects.h"

void connect_counts_init(struct connect_counts *t)
{
	t->destinations.key_size = sizeof(struct endpoint);
	t->destinations.item_size = sizeof(struct connect_destination);
	t->listeners.key_size = sizeof(struct endpoint);
	t->listeners.item_size = sizeof(struct connect_listener);
}

void connect_counts_done(struct connect_counts *t)
{
	groups_done(&t->destinations);
	groups_done(&t->listeners);
}

static int destination_count(struct connect_counts *t, const struct tcp_conn *c,
			     enum connect_result result)
{
	struct endpoint key = endpoint_key(&c->remote);
	struct connect_destination *d = groups_get(&t->destinations, &key);
	uint64_t ns;

	if (!d)
		return -ENOMEM;
	d->n++;
	d->syns += tcp_conn_cold(c)->n_syns;
	d->by_result[result]++;
	if (result != CONNECT_OK || !connect_latency(c, &ns))
		return 0;
	if (!d->latency_ns)
		d->latency_ns = arena_alloc(&t->destinations.arena, sizeof(*d->latency_ns));
	if (!d->latency_ns)
		return -ENOMEM;
	histogram_add(d->latency_ns, ns);
	histogram_add(&t->latency_ns, ns);
	return 0;
}

int connect_counts_add(struct connect_counts *t, const struct tcp_conn *c)
{
	enum connect_result result = connect_result_of(c);
	uint32_t syns = tcp_conn_cold(c)->n_syns;
	uint32_t step = syns < CONNECT_LADDER - 1 ? syns : CONNECT_LADDER - 1;
	uint64_t ns;

	t->n++;
	t->ladder[step].attempts++;
	if (result == CONNECT_OK) {
		t->ladder[step].established++;
		if (connect_latency(c, &ns)) {
			t->ladder[step].sum_ns += ns;
			t->ladder[step].n_ns++;
		}
	}
	return destination_count(t, c, result);
}

int connect_counts_add_synacks(struct connect_counts *t, const struct tcp_conn *c)
{
	struct endpoint key = endpoint_key(&c->local);
	struct connect_listener *l = groups_get(&t->listeners, &key);

	if (!l)
		return -ENOMEM;
	l->conns++;
	l->completed += c->origin != TCP_ORIGIN_HALF_OPEN;
	l->synacks += tcp_conn_cold(c)->n_synacks;
	return 0;
}
