// SPDX-License-Identifier: MIT
/*
 * connects --count: counts attempts per destination and by retransmitted SYNs, their latencies, and
 * retransmitted SYN-ACKs per listener.
 */
#include <errno.h>
#include <string.h>

#include "view/connects.h"

void connect_counts_init(struct connect_counts *t)
{
	t->destinations.key_size = sizeof(struct endpoint);
	t->destinations.item_size = sizeof(struct connect_destination);
	t->failures.key_size = sizeof(struct connect_failure_key);
	t->failures.item_size = sizeof(struct connect_failure);
	t->listeners.key_size = sizeof(struct endpoint);
	t->listeners.item_size = sizeof(struct connect_listener);
}

void connect_counts_done(struct connect_counts *t)
{
	groups_done(&t->destinations);
	groups_done(&t->failures);
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
	d->failed += connect_has_failed(c, result);
	d->syns += connect_syns(c);
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

static int failure_count(struct connect_counts *t, const struct tcp_conn *c,
			 enum connect_result result)
{
	struct connect_failure_key key;
	struct connect_failure *f;
	uint64_t ns;

	/* The key is compared byte for byte. */
	memset(&key, 0, sizeof(key));
	key.to = endpoint_key(&c->remote);
	key.result = result;
	key.err = tcp_conn_cold(c)->err;
	key.why = connect_why(c, result);
	f = groups_get(&t->failures, &key);
	if (!f)
		return -ENOMEM;
	f->n++;
	if (!connect_latency(c, &ns))
		return 0;
	f->least_ns = f->n_ns && f->least_ns < ns ? f->least_ns : ns;
	f->greatest_ns = f->greatest_ns > ns ? f->greatest_ns : ns;
	f->n_ns++;
	return 0;
}

int connect_counts_add(struct connect_counts *t, const struct tcp_conn *c)
{
	enum connect_result result = connect_result_of(c);
	uint32_t syns = connect_syns(c);
	uint32_t step = syns < CONNECT_LADDER - 1 ? syns : CONNECT_LADDER - 1;
	uint64_t ns;

	t->ladder[step].attempts++;
	if (result == CONNECT_OK) {
		t->ladder[step].established++;
		if (connect_latency(c, &ns)) {
			t->ladder[step].sum_ns += ns;
			t->ladder[step].n_ns++;
		}
	}
	if (connect_has_failed(c, result) && failure_count(t, c, result) < 0)
		return -ENOMEM;
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
