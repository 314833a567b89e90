// SPDX-License-Identifier: MIT
#include "gather/worst-conns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tcp/connect-result.h"

int worst_conns_init(struct worst_conns *k)
{
	*k = (struct worst_conns){0};
	k->items = calloc(WORST_CONNS_MAX, sizeof(*k->items));
	return k->items ? 0 : -ENOMEM;
}

void worst_conns_done(struct worst_conns *k)
{
	free(k->items);
	k->items = NULL;
}

/* Waiting is worse than sending again, and being cut off than either. Tail loss probes alone
 * count little. */
static uint64_t badness_of(const struct tcp_conn *c, const struct conn_history *t)
{
	const struct tcp_conn_cold *r = tcp_conn_cold(c);
	uint64_t bad = c->n_retrans + 8ULL * r->n_timeouts + 4ULL * r->n_syns + r->n_failed;

	if (t && t->worst_run > 2)
		bad += 1000ULL << (t->worst_run < 12 ? t->worst_run : 12);
	if (c->ending == TCP_ENDING_TIMEOUT && c->was_established)
		bad += 1000000;
	if (c->was_established &&
	    (c->ending == TCP_ENDING_REMOTE_RESET || c->ending == TCP_ENDING_ERROR))
		bad += 12;
	if (c->origin == TCP_ORIGIN_CONNECT && connect_result_is_failure(connect_result_of(c)))
		bad += 10;
	if (r->n_resets_sent && c->was_established)
		bad += 5;
	return bad * 2 + (r->n_probes ? 1 : 0);
}

static bool is_better(const struct worst_conn *a, const struct worst_conn *b)
{
	if (a->badness != b->badness)
		return a->badness < b->badness;
	if (a->bytes != b->bytes)
		return a->bytes < b->bytes;
	return a->id > b->id;
}

static void describe(struct worst_conn *k, const struct tcp_conn *c)
{
	const struct tcp_conn_cold *r = tcp_conn_cold(c);
	const struct tcp_conn_info *f = tcp_conn_info(c);
	size_t len = c->owner.comm ? strnlen(c->owner.comm, sizeof(k->comm) - 1) : 0;

	k->netns = c->netns;
	k->local = c->local;
	k->remote = c->remote;
	k->pid = c->owner.pid;
	if (len)
		memcpy(k->comm, c->owner.comm, len);
	k->owner = c->owner.basis;
	k->origin = c->origin;
	k->ending = c->ending;
	k->state = c->state;
	k->last_state = c->last_state;
	k->is_born = c->is_born;
	k->was_established = c->was_established || c->established_ns;
	k->has_loss = c->has_loss;
	k->seen_ns = c->seen_ns;
	k->established_ns = c->established_ns;
	k->end_ns = c->end_ns;
	k->retrans = c->n_retrans - (r->n_syns + r->n_synacks);
	k->timeouts = r->n_timeouts > r->n_syns ? r->n_timeouts - r->n_syns : 0;
	k->syns = r->n_syns;
	k->synacks = r->n_synacks;
	k->probes = r->n_probes;
	k->failed = r->n_failed;
	k->resets_sent = r->n_resets_sent;
	k->resets_received = r->n_resets_received;
	k->err = r->err;
	k->rtt_us = f->has_rtt ? f->rtt_us : 0;
	k->rto_us = f->has_rto ? f->rto_us : 0;
}

static void swap(struct worst_conn *a, struct worst_conn *b)
{
	struct worst_conn c = *a;

	*a = *b;
	*b = c;
}

static void sift_up(struct worst_conns *k, size_t i)
{
	while (i && is_better(&k->items[i], &k->items[(i - 1) / 2])) {
		swap(&k->items[i], &k->items[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

static void sift_down(struct worst_conns *k, size_t i)
{
	for (;;) {
		size_t least = i;

		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < k->n; child++) {
			if (is_better(&k->items[child], &k->items[least]))
				least = child;
		}
		if (least == i)
			return;
		swap(&k->items[i], &k->items[least]);
		i = least;
	}
}

void worst_conns_offer(struct worst_conns *k, const struct tcp_conn *c,
		       struct conn_history *take_history, struct conn_histories *conn_histories)
{
	struct worst_conn item = {.id = c->id, .badness = badness_of(c, take_history)};

	item.has_bytes = tcp_conn_bytes(c, &item.tx_bytes, &item.rx_bytes);
	item.bytes = item.has_bytes ? item.tx_bytes + item.rx_bytes : 0;
	item.conn_history = take_history;
	k->n_offered++;
	if (k->n == WORST_CONNS_MAX && !is_better(&k->items[0], &item)) {
		conn_histories_give(conn_histories, take_history);
		return;
	}
	describe(&item, c);
	if (k->n < WORST_CONNS_MAX) {
		k->items[k->n] = item;
		sift_up(k, k->n++);
		return;
	}
	conn_histories_give(conn_histories, k->items[0].conn_history);
	k->items[0] = item;
	sift_down(k, 0);
}

static int by_badness(const void *a, const void *b)
{
	return is_better(a, b) ? 1 : -1;
}

void worst_conns_sort(struct worst_conns *k)
{
	qsort(k->items, k->n, sizeof(*k->items), by_badness);
}
