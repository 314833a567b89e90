// SPDX-License-Identifier: MIT
/*
 * What is counted of a connection: retransmissions by cause, resets, bytes; and how long its
 * timeouts were.
 */
#include "tcp/event-socket.h"
#include "tcp/half-open.h"
#include "tcp/names.h"
#include "tcp/owners.h"
#include "tcp/tracker-state.h"

/* Behind a timeout of more than the kernel allows (120 seconds, and its timers are late by up to
 * an eighth) stands one that was not seen. */
#define RTO_MAX_US (140ULL * 1000 * 1000)

/* Timeouts of one series come apart by what the timer was set to: doubled each time. The first
 * of a SYN counts from the SYN itself; the first of another series from nothing that is known. */
static void time_timeout(const struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
	uint64_t from = c->last_timeout_ns;
	bool is_first = !c->n_timeouts && !c->last_rto_us;

	if (!from && is_first && e->cause == TCP_CAUSE_SYN && c->origin == TCP_ORIGIN_CONNECT)
		from = c->born_ns;
	c->last_timeout_ns = e->ts_ns;
	if (!from || (e->ts_ns - from) / 1000 > RTO_MAX_US ||
	    losses_overlap(&t->losses, from, e->ts_ns))
		return;
	e->rto_us = (uint32_t)((e->ts_ns - from) / 1000);
	e->old_rto_us = c->last_rto_us;
	c->last_rto_us = e->rto_us;
}

/* A timer that fired did so whether or not the attempt failed. */
static void follow_timer(const struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
	/* An ICMP error that takes a timeout back sends before the timer would have. */
	bool is_timeout = (e->cause == TCP_CAUSE_RTO || e->cause == TCP_CAUSE_SYN) &&
			  e->trigger != TCP_TRIGGER_ICMP;

	if (is_timeout)
		time_timeout(t, c, e);
	/* The timer was set anew, by an acknowledgement or a probe; or the own host's queue dropped
	 * the segment, and the next attempt comes sooner than a timeout. */
	if (!is_timeout || (tcp_event_has(e, TCP_FIELD_ERR) && e->err > 0))
		c->last_timeout_ns = 0;
}

static void count_retransmit(const struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
	follow_timer(t, c, e);
	if (tcp_event_has(e, TCP_FIELD_ERR) && e->err) {
		c->n_failed++;
	} else if (e->cause == TCP_CAUSE_TLP) {
		c->n_probes++;
	} else {
		c->n_retrans++;
		c->n_syns += c->state == TCP_STATE_SYN_SENT;
		c->n_timeouts += e->cause == TCP_CAUSE_RTO || e->cause == TCP_CAUSE_SYN;
	}
}

static int count_synack(struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
	const struct owner *listener = c ? &c->owner : listeners_owner(&t->listeners, &e->local);
	uint32_t before = t->conns.n_alive;
	struct tcp_conn *half;
	int r;

	/* A fast-open socket is there before the handshake is complete. */
	if (c && c->origin != TCP_ORIGIN_LISTEN && c->remote.port) {
		c->n_synacks++;
		c->n_retrans++;
		e->conn = c;
		return 0;
	}
	if (!tracker_keeps(t))
		return 0;
	r = half_open_synack(&t->conns, e, listener, TRACKER_SOCKETS_MAX, &half);
	t->n_half_open += t->conns.n_alive - before;
	e->conn = half;
	if (half && !e->owner)
		owners_show(e, half);
	return r;
}

#define MSG_PEEK_FLAG 2

static void count_io(struct tcp_conn *c, const struct tcp_event *e)
{
	if (e->ret <= 0)
		return;
	if (e->kind == TCP_KIND_SEND_LENGTH)
		c->io_tx += (uint32_t)e->ret;
	else if (!(e->flags & MSG_PEEK_FLAG))
		c->io_rx += (uint32_t)e->ret;
}

int tracker_count(struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
	if (e->kind == TCP_KIND_RETRANSMIT_SYNACK)
		return count_synack(t, c, e);
	if (!c)
		return 0;
	e->conn = c;
	switch (e->kind) {
	case TCP_KIND_RETRANSMIT: count_retransmit(t, c, e); break;
	case TCP_KIND_SEND_RESET: c->n_resets_sent += event_is_of_socket(e); break;
	case TCP_KIND_RECEIVE_RESET: c->n_resets_received++; break;
	case TCP_KIND_SEND_LENGTH:
	case TCP_KIND_RECV_LENGTH: count_io(c, e); break;
	default: break;
	}
	return 0;
}
