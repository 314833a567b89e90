// SPDX-License-Identifier: MIT
/*
 * backlog: connections wait because a program does not take them with accept() as fast as they
 * come. The queue of those that wait is seen to be full in a socket table, or shows by what the
 * kernel then does to clients (detect/take-up.h). Also: peers begin to connect to a port of this
 * host and do not complete the handshake, for a reason that is not known.
 */
#include "detect/backlog.h"

#include <errno.h>

#include "base/units.h"
#include "detect/backlog-state.h"
#include "tcp/names.h"

static void backlog_rule(struct text *t)
{
	backlog_handshakes_rule(t);
	text_printf(
		t,
		"; or more connections wait for accept() than the backlog (critical: the kernel"
		" drops what comes then, sk_acceptq_is_full); or %u or more connections of this"
		" host that were established, and retransmitted their first data until they were "
		"taken up, or for good, where hardly anything else was retransmitted (%u %% of "
		"the connects: critical); where the other end is elsewhere, %u or more for "
		"good, and others worked meanwhile",
		OVERFLOW_MIN, OVERFLOW_PERCENT, OVERFLOW_MIN);
	backlog_counted_rule(t);
}

static int backlog_init(void *state)
{
	struct backlog *b = state;

	b->handshakes = (struct groups){.key_size = sizeof(struct endpoint),
					.item_size = sizeof(struct handshakes)};
	accept_queues_init(&b->queues);
	take_ups_init(&b->take_ups);
	return 0;
}

static void backlog_done(void *state)
{
	struct backlog *b = state;

	groups_done(&b->handshakes);
	accept_queues_done(&b->queues);
	take_ups_done(&b->take_ups);
}

static struct handshakes *handshakes_get(struct backlog *b, const struct endpoint *at)
{
	const struct endpoint key = endpoint_key(at);

	return groups_get(&b->handshakes, &key);
}

static int backlog_synack(struct backlog *b, const struct tcp_event *e)
{
	struct handshakes *p = handshakes_get(b, &e->local);

	if (!p)
		return -ENOMEM;
	if (e->trigger == TCP_TRIGGER_DUP_SYN)
		p->by_repeat++;
	else
		p->by_timer++;
	gather_span(&p->first_ns, &p->last_ns, e->ts_ns);
	return 0;
}

/*
 * Counts a handshake that was late because the listener waits for the client's first data
 * (TCP_DEFER_ACCEPT): the kernel counts each timer of the handshake in total_rto
 * (tcp_create_openreq_child()), those too at which it sent no SYN-ACK (syn_ack_recalc() of
 * net/ipv4/inet_connection_sock.c), and there are such only while it waits for data.
 */
static int backlog_deferred(struct backlog *b, const struct tcp_event *e)
{
	const struct tcp_conn_cold *cold = e->conn ? tcp_conn_cold(e->conn) : NULL;
	struct handshakes *p;
	uint64_t timeouts;

	if (!cold || !cold->n_synacks || e->conn->origin != TCP_ORIGIN_ACCEPT || !e->tcp_info ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_TOTAL_RTO, &timeouts) ||
	    timeouts <= (uint64_t)cold->n_synacks + cold->n_timeouts)
		return 0;
	p = handshakes_get(b, &e->conn->local);
	if (!p)
		return -ENOMEM;
	p->deferred++;
	return 0;
}

static int backlog_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	struct backlog *b = state;
	const struct tcp_event *e = g->e;
	bool is_row = e->kind == TCP_KIND_SOCKET_DUMPED &&
		      (e->dump == SOCKET_DUMP_START || e->dump == SOCKET_DUMP_END);
	bool is_sample = e->kind == TCP_KIND_SAMPLE;
	int r = 0;

	if (is_sample && (e->dump != SOCKET_SAMPLE_LISTENER || !g->is_in_window))
		return 0;
	if (((is_row || is_sample) && e->state == TCP_STATE_LISTEN) ||
	    (e->kind == TCP_KIND_SET_STATE && e->newstate == TCP_STATE_LISTEN))
		return accept_queues_listener(&b->queues, in, g);
	if (e->kind == TCP_KIND_RETRANSMIT_SYNACK && gather_event_is_wanted(g))
		r = backlog_synack(b, e);
	else if (g->growth)
		r = backlog_deferred(b, e);
	return r < 0 ? r : take_ups_event(&b->take_ups, in, g);
}

/* The first timer of a handshake, at both ends, in microseconds: TCP_TIMEOUT_INIT; each is twice as
 * long as the one before. */
#define HANDSHAKE_TIMER_US (NSEC_PER_SEC / NSEC_PER_USEC)

/* True if the way is so long that the SYN-ACKs had to be retransmitted: before the first answer can
 * come, a timer fires at either end, and the SYN that the peer repeats causes a SYN-ACK, too. */
static bool is_by_the_way(const struct tcp_conn *c)
{
	const struct tcp_conn_info *info = tcp_conn_info(c);
	uint64_t n = 0;

	if (!info->has_min_rtt)
		return false;
	for (uint64_t us = HANDSHAKE_TIMER_US; us <= info->min_rtt_us;
	     us = us * 2 + HANDSHAKE_TIMER_US)
		n += 2;
	return tcp_conn_cold(c)->n_synacks <= n;
}

static int backlog_handshake(struct backlog *b, const struct tcp_conn *c)
{
	struct handshakes *p = handshakes_get(b, &c->local);

	if (!p)
		return -ENOMEM;
	if (c->origin == TCP_ORIGIN_HALF_OPEN)
		p->half_open++;
	else if (!is_by_the_way(c))
		p->slow++;
	return 0;
}

static int backlog_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
			const struct conn_history *history)
{
	struct backlog *b = state;

	if (tcp_conn_cold(c)->n_synacks && backlog_handshake(b, c) < 0)
		return -ENOMEM;
	if (c->origin != TCP_ORIGIN_CONNECT && gathered_is_listening(in, c->local.port) &&
	    accept_queues_served(&b->queues, c) < 0)
		return -ENOMEM;
	return take_ups_conn(&b->take_ups, in, c, history);
}

/* True if the connection stalled because the queue of its destination was full. */
static bool is_explained(const struct gathered *in, const struct backlog *b,
			 const struct worst_conn *c)
{
	const struct destinations *all = &b->take_ups.destinations;
	const struct destination *d =
		map_get(&all->stalls, c->id) ? destinations_find(all, &c->remote) : NULL;

	return d && backlog_overflows(in, b, d);
}

/* What a full queue has caused is no loss on the way. */
static int backlog_end(void *state, struct gathered *in)
{
	const struct backlog *b = state;
	struct group_walk walk = {0};
	const struct destination *d;

	while ((d = groups_next(&b->take_ups.destinations.by_endpoint, &walk))) {
		if (d->sums && backlog_overflows(in, b, d) &&
		    gathered_explain_calls(in, &d->at, d->sums) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < in->worst_conns.n; i++) {
		struct worst_conn *c = &in->worst_conns.items[i];

		c->is_explained |= is_explained(in, b, c);
	}
	return 0;
}

static void detect_backlog(const struct detector *d, struct findings *f)
{
	const struct backlog *b = detector_state(d, f);
	size_t n = f->n;

	backlog_emit_queues(d, f, b);
	backlog_emit_handshakes(d, f, b);
	/* A finding that is there already has the same numbers among its evidence. */
	if (f->n == n)
		backlog_emit_counted(d, f);
}

const struct detector detector_backlog = {
	.id = "backlog",
	.place = PLACE_HOST,
	.rule = backlog_rule,
	.find = detect_backlog,
	.gathers = {.state_size = sizeof(struct backlog),
		    .init = backlog_init,
		    .kinds = TAKE_UPS_KINDS | TCP_KIND_BIT(TCP_KIND_SAMPLE),
		    .event = backlog_event,
		    .conn = backlog_conn,
		    .end = backlog_end,
		    .done = backlog_done},
};

bool backlog_explains(const struct findings *f, const struct endpoint *destination)
{
	const struct backlog *b = detector_state(&detector_backlog, f);
	const struct destination *d = destinations_find(&b->take_ups.destinations, destination);
	const struct accept_queue *q;
	uint32_t n;

	if (!d)
		return false;
	q = d->is_here ? accept_queues_at(&b->queues, &d->at, d->netns, &n) : NULL;
	return (q && accept_queue_is_full(q)) || backlog_overflows(f->in, b, d);
}

struct backlog_stalls backlog_stalls(const struct findings *f)
{
	const struct backlog *b = detector_state(&detector_backlog, f);
	struct backlog_stalls s = {0};
	struct group_walk walk = {0};
	const struct destination *d;

	while ((d = groups_next(&b->take_ups.destinations.by_endpoint, &walk))) {
		if (!d->sums || !backlog_overflows(f->in, b, d))
			continue;
		s.n += d->sums->conns.stalled;
		s.n_open += d->stalled_open;
		s.n_dead += d->stalled_dead;
	}
	return s;
}
