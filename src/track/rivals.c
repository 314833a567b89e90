// SPDX-License-Identifier: MIT
#include "track/rivals.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/units.h"
#include "tcp/names.h"

/* How soon after a failed attempt the next one must begin to be its rival. A program that goes
 * through a list of addresses does so at once, on a busy host a little later. */
#define NEXT_NS (500 * NSEC_PER_MSEC)
/* The most rivals on either side that learn of a success. */
#define RIVALS_MAX 16u

void rivals_done(struct rivals *s)
{
	free(s->slots);
	s->slots = NULL;
}

static struct tcp_conn *rival_at(const struct conns *conns, struct conn_ref ref)
{
	struct tcp_conn *c = conn_store_at(&conns->store, ref.number);

	return c && c->id == ref.id ? c : NULL;
}

/* Whether the attempt before, when another one begins, has no answer yet or has just failed. */
static bool is_open_or_failed(const struct tcp_conn *before, uint64_t ts_ns)
{
	if (before->was_established || before->established_ns)
		return false;
	return !tcp_conn_is_closed(before) || ts_ns - before->end_ns <= NEXT_NS;
}

static int rivals_link(struct conns *conns, struct tcp_conn *before, struct tcp_conn *c)
{
	struct tcp_conn_attempt *old = conns_attempt(conns, before), *new = conns_attempt(conns, c);

	if (!old || !new)
		return -ENOMEM;
	old->rival_after = (struct conn_ref){conn_store_number(c), c->id};
	new->rival_before = (struct conn_ref){conn_store_number(before), before->id};
	return 0;
}

int rivals_begin(struct rivals *s, struct conns *conns, struct tcp_conn *c, int32_t pid)
{
	uint64_t hash = hash_mix((uint32_t)pid, c->remote.port);
	struct tcp_conn *before = NULL;
	struct rivals_slot *slot;

	if (!s->slots)
		s->slots = calloc(RIVALS_SLOTS, sizeof(*s->slots));
	if (!s->slots)
		return -ENOMEM;
	slot = &s->slots[hash % RIVALS_SLOTS];
	if (slot->pid == pid && slot->port == c->remote.port)
		before = rival_at(conns, slot->last);
	*slot = (struct rivals_slot){pid, c->remote.port, {conn_store_number(c), c->id}};
	if (!before || ip_addr_equal(&before->remote.addr, &c->remote.addr) ||
	    !is_open_or_failed(before, c->seen_ns))
		return 0;
	return rivals_link(conns, before, c);
}

static void rival_note(struct tcp_conn *rival, const struct tcp_conn *winner, uint64_t ts_ns)
{
	struct tcp_conn_attempt *a = rival->cold->attempt;

	if (rival->was_established || rival->established_ns || a->rival_ns)
		return;
	a->rival_ns = ts_ns;
	a->rival = winner->remote.addr;
}

void rivals_won(const struct conns *conns, const struct tcp_conn *c, uint64_t ts_ns)
{
	struct tcp_conn *rival;
	unsigned int n = 0;

	for (rival = rival_at(conns, tcp_conn_attempt(c)->rival_before); rival && n++ < RIVALS_MAX;
	     rival = rival_at(conns, tcp_conn_attempt(rival)->rival_before))
		rival_note(rival, c, ts_ns);
	for (rival = rival_at(conns, tcp_conn_attempt(c)->rival_after);
	     rival && n++ < 2 * RIVALS_MAX;
	     rival = rival_at(conns, tcp_conn_attempt(rival)->rival_after))
		rival_note(rival, c, ts_ns);
}
