// SPDX-License-Identifier: MIT
/*
 * What is counted of a connection: retransmissions by cause, resets, bytes; and the timeouts.
 */
#include "tcp/event-socket.h"
#include "tcp/half-open.h"
#include "tcp/tracker-state.h"

/* Timeouts of one series come apart by what the timer was set to: doubled each time. The first
 * of a SYN counts from the SYN itself; the first of another series from nothing that is known. */
static void time_timeout(struct tcp_conn *c, struct tcp_event *e)
{
	uint64_t from = c->last_timeout_ns;

	if (!from && e->cause == TCP_CAUSE_SYN && c->origin == TCP_ORIGIN_CONNECT)
		from = c->n_timeouts ? 0 : c->born_ns;
	if (from) {
		e->rto_us = (uint32_t)((e->ts_ns - from) / 1000);
		e->old_rto_us = c->last_rto_us;
		c->last_rto_us = e->rto_us;
	}
	c->last_timeout_ns = e->ts_ns;
}

static void count_retransmit(struct tcp_conn *c, struct tcp_event *e)
{
	if (tcp_event_has(e, TCP_FIELD_ERR) && e->err) {
		c->n_failed++;
		return;
	}
	if (e->cause == TCP_CAUSE_TLP) {
		c->n_probes++;
		return;
	}
	if (e->cause == TCP_CAUSE_RTO || e->cause == TCP_CAUSE_SYN) {
		time_timeout(c, e);
		c->n_timeouts++;
	} else {
		/* An acknowledgement came, and the timer was set anew. */
		c->last_timeout_ns = 0;
	}
	c->n_retrans++;
}

static int count_synack(struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
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
	r = half_open_synack(&t->conns, e, c, TRACKER_SOCKETS_MAX, &half);
	t->n_half_open += t->conns.n_alive - before;
	e->conn = half;
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
	case TCP_KIND_RETRANSMIT: count_retransmit(c, e); break;
	case TCP_KIND_SEND_RESET: c->n_resets_sent += event_is_of_socket(e); break;
	case TCP_KIND_RECEIVE_RESET: c->n_resets_received++; break;
	case TCP_KIND_SEND_LENGTH:
	case TCP_KIND_RECV_LENGTH: count_io(c, e); break;
	default: break;
	}
	return 0;
}
