// SPDX-License-Identifier: MIT
#include "gather/worst-conns.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "tcp/connect-result.h"

int worst_conns_init(struct worst_conns *k)
{
	*k = (struct worst_conns){0};
	k->items = calloc(WORST_CONNS_MAX, sizeof(*k->items));
	return k->items ? 0 : -ENOMEM;
}

void worst_conns_done(struct worst_conns *k, struct conn_histories *conn_histories)
{
	for (size_t i = 0; i < k->n; i++)
		conn_histories_give(conn_histories, k->items[i].conn_history);
	free(k->items);
	k->items = NULL;
}

/* The badness of a connection: waiting for timeouts is worse than retransmitting, and being cut off
 * is worse than either. Tail loss probes alone count little. */
static uint64_t badness_of(const struct tcp_conn *c, const struct conn_history *t)
{
	const struct tcp_conn_cold *r = tcp_conn_cold(c);
	uint64_t bad = c->n_retrans + 8ULL * r->n_timeouts + 4ULL * r->n_syns + r->n_failed;

	if (t && t->worst_run.n > 2)
		bad += 1000ULL << (t->worst_run.n < 12 ? t->worst_run.n : 12);
	if (c->ending == TCP_ENDING_TIMEOUT && c->was_established)
		bad += 1000000;
	if (c->was_established &&
	    (c->ending == TCP_ENDING_REMOTE_RESET || c->ending == TCP_ENDING_ERROR ||
	     c->ending == TCP_ENDING_DESTROYED))
		bad += 12;
	if (tcp_conn_is_attempt(c) && connect_has_failed(c, connect_result_of(c)))
		bad += 10;
	if (r->n_resets_sent && c->was_established)
		bad += 5;
	return bad * 2 + (r->n_probes ? 1 : 0);
}

bool worst_conn_is_better(const struct worst_conn *a, const struct worst_conn *b)
{
	if (a->fit != b->fit)
		return a->fit < b->fit;
	if (a->badness != b->badness)
		return a->badness < b->badness;
	if (a->bytes != b->bytes)
		return a->bytes < b->bytes;
	return a->id > b->id;
}

static struct worst_conn_life life_of(const struct tcp_conn *c)
{
	return (struct worst_conn_life){
		.origin = c->origin,
		.ending = c->ending,
		.state = c->state,
		.is_born = c->is_born,
		.has_loss = c->has_loss,
		.was_established = c->was_established || c->established_ns,
		.err = tcp_conn_cold(c)->err,
		.seen_ns = c->seen_ns,
		.established_ns = c->established_ns,
		.end_ns = c->end_ns,
	};
}

/* Fills in all members of t but the bytes. */
static void traffic_describe(struct worst_conn_traffic *t, const struct tcp_conn *c)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	const struct tcp_conn_info *info = tcp_conn_info(c);
	uint32_t handshake = cold->n_syns + cold->n_synacks;

	t->retrans = c->n_retrans - handshake;
	if (!tcp_conn_retrans_segs(c, &t->retrans_segs))
		t->retrans_segs = 0;
	t->timeouts = cold->n_timeouts > cold->n_syns ? cold->n_timeouts - cold->n_syns : 0;
	t->handshake_retrans = handshake;
	t->probes = cold->n_probes;
	t->resets = (uint32_t)cold->n_resets_sent + cold->n_resets_received;
	t->rtt_us = info->has_rtt ? info->rtt_us : 0;
}

static void worst_conn_describe(struct worst_conn *k, const struct tcp_conn *c)
{
	size_t len = c->owner.comm ? strnlen(c->owner.comm, sizeof(k->comm) - 1) : 0;

	k->netns = c->netns;
	k->sk = c->sk;
	k->cookie = c->cookie;
	k->local = c->local;
	k->remote = c->remote;
	k->pid = c->owner.pid;
	k->basis = c->owner.basis;
	if (len)
		memcpy(k->comm, c->owner.comm, len);
	k->life = life_of(c);
	traffic_describe(&k->traffic, c);
}

static bool worst_conn_before(const void *a, const void *b)
{
	return worst_conn_is_better(a, b);
}

static const struct heap_kind worst_conn_kind = {sizeof(struct worst_conn), worst_conn_before};

struct worst_conn worst_conn_rank(const struct worst_conns *k, const struct tcp_conn *c,
				  const struct conn_history *history)
{
	struct worst_conn item = {.id = c->id, .badness = badness_of(c, history)};

	item.fit = k->pick ? conn_pick_fit(k->pick, c) : CONN_PICK_FITS;
	item.traffic.has_bytes = tcp_conn_bytes(c, &item.traffic.tx_bytes, &item.traffic.rx_bytes);
	if (item.traffic.has_bytes)
		item.bytes = item.traffic.tx_bytes + item.traffic.rx_bytes;
	return item;
}

void worst_conns_offer(struct worst_conns *k, const struct tcp_conn *c,
		       struct conn_history *take_history, struct conn_histories *conn_histories)
{
	struct worst_conn item = worst_conn_rank(k, c, take_history);

	assert(!k->is_sorted);
	item.conn_history = take_history;
	k->n_offered++;
	if (k->n == WORST_CONNS_MAX && !worst_conn_is_better(&k->items[0], &item)) {
		conn_histories_give(conn_histories, take_history);
		return;
	}
	worst_conn_describe(&item, c);
	if (k->n < WORST_CONNS_MAX) {
		heap_push(&worst_conn_kind, k->items, k->n++, &item);
		return;
	}
	conn_histories_give(conn_histories, k->items[0].conn_history);
	heap_replace(&worst_conn_kind, k->items, k->n, &item);
}

static int by_badness(const void *a, const void *b)
{
	return worst_conn_is_better(a, b) ? 1 : -1;
}

void worst_conns_sort(struct worst_conns *k)
{
	qsort(k->items, k->n, sizeof(*k->items), by_badness);
	k->is_sorted = true;
}
