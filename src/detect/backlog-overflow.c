// SPDX-License-Identifier: MIT
/*
 * Judges by what happened to clients whether an accept queue was full.
 */
#include "detect/backlog-state.h"

static bool is_loopback(const struct ip_addr *a)
{
	static const uint8_t v6[sizeof(a->bytes)] = {[15] = 1};

	return a->family == 4 ? a->bytes[0] == 127 : !memcmp(a->bytes, v6, sizeof(v6));
}

bool backlog_is_here(const struct destination *d)
{
	return d->is_here || is_loopback(&d->at.addr);
}

/* Data that the server retransmitted: where the network loses packets, it loses those, too. */
static uint64_t retrans_of_server(const struct gathered *in, const struct destination *d)
{
	const struct conn_subject s = {.local.port = d->at.port, .is_served = true};
	const struct conn_group *g = gathered_group(in, GROUP_BY_PORT, &s);

	return g && backlog_is_here(d) ? counters_data_retrans(&g->counters) : 0;
}

uint32_t backlog_netns_of(const struct backlog *b, const struct endpoint *at)
{
	const struct destination *d = destinations_find(&b->take_ups.destinations, at);

	return d ? d->netns : 0;
}

const struct accept_queue *backlog_queue_of(const struct backlog *b, const struct destination *d,
					    uint32_t *ret_n)
{
	*ret_n = 0;
	return backlog_is_here(d) ? accept_queues_at(&b->queues, &d->at, d->netns, ret_n) : NULL;
}

/* Connections that repeated their SYN, beside others that worked, where no network can have lost
 * it: a full accept queue drops SYNs, too (tcp_conn_request() of net/ipv4/tcp_input.c). */
static uint64_t dropped_syns(const struct destination *d)
{
	return is_loopback(&d->at.addr) && d->good_ns ? d->syn_again - d->with_syns : 0;
}

bool backlog_overflows(const struct gathered *in, const struct backlog *b,
		       const struct destination *d)
{
	uint64_t n_syns = dropped_syns(d), n = d->never + d->late + n_syns;
	uint32_t n_sockets;
	const struct accept_queue *q = n ? backlog_queue_of(b, d, &n_sockets) : NULL;

	if (q && accept_queue_is_full(q))
		return true;
	if (n < OVERFLOW_MIN ||
	    (d->later + retrans_of_server(in, d)) * OVERFLOW_SHARE > d->early + d->synacks + n_syns)
		return false;
	return backlog_is_here(d) || (d->never >= OVERFLOW_MIN && d->good_ns > d->first_ns);
}
