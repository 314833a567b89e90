// SPDX-License-Identifier: MIT
#include "detect/accept-queues.h"

#include <errno.h>
#include <string.h>

/* Beyond that, processes that accept and connections that pass the filter are not noted. */
#define SERVED_MAX	16384u
#define ACCEPTERS_NAMED 3u

/* A place and a process of accepted connections, of which there are far fewer than connections. */
struct served {
	struct {
		struct endpoint local;
		uint32_t netns;
		int32_t pid;
	} key;
	char comm[WHOSE_COMM_MAX];
};

void accept_queues_init(struct accept_queues *s)
{
	*s = (struct accept_queues){
		.by_key = {.key_size = sizeof(uint64_t), .item_size = sizeof(struct accept_queue)},
		.served = {.key_size = sizeof(((struct served *)0)->key),
			   .item_size = sizeof(struct served)},
	};
}

void accept_queues_done(struct accept_queues *s)
{
	groups_done(&s->by_key);
	groups_done(&s->served);
}

/* The numbers of connections are small, so that they never meet a marked cookie. */
static uint64_t queue_key(const struct tcp_event *e)
{
	return e->conn ? e->conn->id : e->cookie | (uint64_t)1 << 63;
}

/* The length of the queue and its limit. In tcp_info of a listener `unacked` is the number of
 * connections that wait for accept(), and `sacked` is how many may wait (tcp_get_info() of
 * net/ipv4/tcp.c); samples have no tcp_info of listeners. */
static bool row_queue(const struct tcp_event *e, uint64_t *ret_waiting, uint64_t *ret_limit)
{
	if (e->kind == TCP_KIND_SAMPLE) {
		*ret_waiting = e->rqueue;
		*ret_limit = e->wqueue;
		return tcp_event_has(e, TCP_FIELD_RQUEUE) && tcp_event_has(e, TCP_FIELD_WQUEUE);
	}
	return e->tcp_info && tcp_info_get(e->tcp_info, TCP_INFO_UNACKED, ret_waiting) &&
	       tcp_info_get(e->tcp_info, TCP_INFO_SACKED, ret_limit);
}

static void queue_take_row(struct accept_queue *q, const struct tcp_event *e)
{
	uint64_t waiting, limit;

	if (!row_queue(e, &waiting, &limit))
		return;
	q->is_full_now = limit && waiting > limit;
	if (q->is_full_now) {
		q->n_full++;
		gather_span(&q->full_from_ns, &q->full_to_ns, e->ts_ns);
	}
	if (q->limit && (double)waiting * (double)q->limit <= (double)q->waiting * (double)limit)
		return;
	q->waiting = waiting;
	q->limit = limit;
	q->at_ns = e->ts_ns;
}

int accept_queues_listener(struct accept_queues *s, const struct gathered *in,
			   const struct gather_event *g)
{
	uint64_t key = queue_key(g->e);
	struct accept_queue *q = groups_get(&s->by_key, &key);
	struct whose whose = whose_row(in, g->e);

	if (!q)
		return -ENOMEM;
	/* Who holds the socket is asked at the start and at the end only. */
	if (g->e->kind == TCP_KIND_SAMPLE && q->whose.local.port)
		whose = q->whose;
	if (!whose.pid) {
		whose.pid = q->whose.pid;
		memcpy(whose.comm, q->whose.comm, sizeof(whose.comm));
		memcpy(whose.container, q->whose.container, sizeof(whose.container));
	}
	if (!whose.netns)
		whose.netns = q->whose.netns;
	q->whose = whose;
	q->passes_filter |= event_filter_is_empty(in->context->filter) || g->passes_filter;
	queue_take_row(q, g->e);
	return 0;
}

static bool is_any(const struct ip_addr *a)
{
	static const uint8_t zero[sizeof(a->bytes)];

	return !memcmp(a->bytes, zero, sizeof(zero));
}

bool accept_queue_serves(const struct accept_queue *q, const struct endpoint *local, uint32_t netns)
{
	const struct whose *w = &q->whose;

	if (w->local.port != local->port || (netns && w->netns && netns != w->netns))
		return false;
	/* A socket of IPv6 on any address takes connections of IPv4, too, unless it is told not
	 * to. */
	return is_any(&w->local.addr) || ip_addr_equal(&w->local.addr, &local->addr);
}

int accept_queues_served(struct accept_queues *s, const struct tcp_conn *c)
{
	struct served *served, key;

	if (s->served.n >= SERVED_MAX)
		return 0;
	memset(&key.key, 0, sizeof(key.key));
	key.key.local = endpoint_key(&c->local);
	key.key.netns = c->netns;
	key.key.pid = c->owner.basis >= OWNER_CLOSE ? c->owner.pid : 0;
	served = groups_get(&s->served, &key.key);
	if (!served)
		return -ENOMEM;
	if (key.key.pid && c->owner.comm)
		memcpy(served->comm, c->owner.comm, strnlen(c->owner.comm, WHOSE_COMM_MAX - 1));
	return 0;
}

/* True if a connection whose network namespace is not known may as well have come to a queue of
 * another namespace than that of q: containers listen at the same address and port. */
static bool has_rival(const struct accept_queues *s, const struct accept_queue *q,
		      const struct endpoint *local)
{
	struct group_walk walk = {0};
	const struct accept_queue *other;

	while ((other = groups_next(&s->by_key, &walk))) {
		if (other->whose.netns != q->whose.netns && accept_queue_serves(other, local, 0))
			return true;
	}
	return false;
}

bool accept_queue_is_wanted(const struct accept_queues *s, const struct accept_queue *q)
{
	struct group_walk walk = {0};
	const struct served *served;

	if (q->passes_filter)
		return true;
	while ((served = groups_next(&s->served, &walk))) {
		const struct endpoint *local = &served->key.local;

		if (accept_queue_serves(q, local, served->key.netns) &&
		    (served->key.netns || !has_rival(s, q, local)))
			return true;
	}
	return false;
}

bool accept_queue_accepters(const struct accept_queues *s, const struct accept_queue *q,
			    struct text *t)
{
	int32_t named[ACCEPTERS_NAMED];
	struct group_walk walk = {0};
	const struct served *served;
	size_t n = 0, more = 0;

	while ((served = groups_next(&s->served, &walk))) {
		bool is_known = false;

		if (!served->key.pid ||
		    !accept_queue_serves(q, &served->key.local, served->key.netns))
			continue;
		for (size_t i = 0; i < n; i++)
			is_known |= named[i] == served->key.pid;
		if (is_known)
			continue;
		if (n == ACCEPTERS_NAMED) {
			more++;
			continue;
		}
		text_printf(t, "%s%s[%d]", n ? ", " : "",
			    served->comm[0] ? served->comm : "process", served->key.pid);
		named[n++] = served->key.pid;
	}
	if (more)
		text_str(t, " and others");
	return n;
}

static bool is_fuller(const struct accept_queue *q, const struct accept_queue *than)
{
	return (double)q->waiting * (double)(than->limit ? than->limit : 1) >
	       (double)than->waiting * (double)(q->limit ? q->limit : 1);
}

const struct accept_queue *accept_queues_at(const struct accept_queues *s,
					    const struct endpoint *local, uint32_t netns,
					    uint32_t *ret_n)
{
	const struct accept_queue *fullest = NULL, *q;
	struct group_walk walk = {0};
	bool is_one_netns = true;

	*ret_n = 0;
	while ((q = groups_next(&s->by_key, &walk))) {
		if (!accept_queue_serves(q, local, netns) || !accept_queue_is_wanted(s, q))
			continue;
		is_one_netns &= !fullest || q->whose.netns == fullest->whose.netns;
		++*ret_n;
		if (!fullest || is_fuller(q, fullest))
			fullest = q;
	}
	if (!is_one_netns)
		*ret_n = 0;
	return fullest;
}

uint32_t accept_queues_beside(const struct accept_queues *s, const struct accept_queue *q)
{
	const struct accept_queue *other;
	struct group_walk walk = {0};
	uint32_t n = 0;

	while ((other = groups_next(&s->by_key, &walk)))
		n += other->whose.netns == q->whose.netns &&
		     endpoint_equal(&other->whose.local, &q->whose.local);
	return n;
}
