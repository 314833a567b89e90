// SPDX-License-Identifier: MIT
/*
 * Counts the events of a connection: retransmissions by cause, resets, bytes of calls; and measures
 * the lengths of its retransmission timeouts.
 */
#include <errno.h>

#include "tcp/names.h"
#include "track/event-socket.h"
#include "track/half-open.h"
#include "track/owners.h"
#include "track/tracker-state.h"

/* The longest time between two timeouts in a row. The kernel's longest timeout is 120 seconds
 * (TCP_RTO_MAX), and its timers are late by up to an eighth. After a longer time, a timeout in
 * between was not seen. */
#define RTO_MAX_US (140ULL * 1000 * 1000)

/* Measures the length of the timeout that e ends. In a series of timeouts it is the time since the
 * timeout before, and doubles each time. The first timeout of a SYN is measured from the SYN
 * itself; the length of the first timeout of any other series is not known. */
static void timeout_measure(const struct tracker *t, const struct tcp_conn *c,
			    struct tcp_conn_cold *cold, struct tcp_event *e)
{
	uint64_t from = cold->last_timeout_ns;
	bool is_first = !cold->n_timeouts && !cold->last_rto_us;

	if (!from && is_first && e->cause == TCP_CAUSE_SYN && c->origin == TCP_ORIGIN_CONNECT)
		from = tcp_conn_born_ns(c);
	cold->last_timeout_ns = e->ts_ns;
	if (!from || (e->ts_ns - from) / 1000 > RTO_MAX_US ||
	    losses_overlap(&t->losses, from, e->ts_ns))
		return;
	e->rto_us = (uint32_t)((e->ts_ns - from) / 1000);
	e->old_rto_us = cold->last_rto_us;
	cold->last_rto_us = e->rto_us;
}

static bool is_by_timeout(const struct tcp_event *e)
{
	return e->cause == TCP_CAUSE_RTO || e->cause == TCP_CAUSE_SYN;
}

static bool has_failed(const struct tcp_event *e)
{
	return tcp_event_has(e, TCP_FIELD_ERR) && e->err;
}

/* Follows the series of timeouts of c. Failed attempts count, too, because the timer had
 * expired. */
static void timeout_follow(const struct tracker *t, const struct tcp_conn *c,
			   struct tcp_conn_cold *cold, struct tcp_event *e)
{
	/* An ICMP error that reverts the timeout retransmits at once (tcp_ld_RTO_revert). */
	bool is_timeout = is_by_timeout(e) && e->trigger != TCP_TRIGGER_ICMP;

	if (is_timeout)
		timeout_measure(t, c, cold, e);
	/* An acknowledgement or a probe has restarted the timer; or a queue of this host dropped
	 * the segment (err > 0, NET_XMIT_*), and the next attempt comes sooner than a timeout. */
	if (!is_timeout || (has_failed(e) && e->err > 0))
		cold->last_timeout_ns = 0;
}

/* Whether the retransmission is counted in the cold part of the connection, too. */
static bool is_cold_retransmit(const struct tcp_conn *c, const struct tcp_event *e)
{
	return c->cold || is_by_timeout(e) || e->cause == TCP_CAUSE_TLP || has_failed(e) ||
	       c->state == TCP_STATE_SYN_SENT;
}

static int count_retransmit(struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
	struct tcp_conn_cold *cold;

	if (!is_cold_retransmit(c, e)) {
		c->n_retrans++;
		return 0;
	}
	cold = conns_cold(&t->conns, c);
	if (!cold)
		return -ENOMEM;
	timeout_follow(t, c, cold, e);
	if (has_failed(e)) {
		cold->n_failed++;
	} else if (e->cause == TCP_CAUSE_TLP) {
		cold->n_probes++;
	} else {
		c->n_retrans++;
		cold->n_syns += c->state == TCP_STATE_SYN_SENT;
		cold->n_timeouts += is_by_timeout(e);
	}
	return 0;
}

/* Counts a SYN-ACK of a fast-open socket, which exists before the handshake is complete
 * (tcp_fastopen_create_child). */
static int count_own_synack(struct tracker *t, struct tcp_conn *c)
{
	struct tcp_conn_cold *cold = conns_cold(&t->conns, c);

	if (!cold)
		return -ENOMEM;
	cold->n_synacks++;
	c->n_retrans++;
	return 0;
}

static int count_synack(struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
	const struct owner *listener = c ? &c->owner : listeners_owner(&t->listeners, &e->local);
	uint32_t before = t->conns.n_alive;
	struct tcp_conn *half;
	int r;

	if (c && c->origin != TCP_ORIGIN_LISTEN && c->remote.port) {
		e->conn = c;
		return count_own_synack(t, c);
	}
	if (!tracker_keeps(t))
		return 0;
	r = half_open_synack(&t->conns, e, listener, TRACKER_SOCKETS_MAX, &half);
	t->n_half_open += t->conns.n_alive - before;
	e->conn = half;
	if (half && !e->owner)
		owners_show(e, half, &t->cgroups);
	return r;
}

static void count_io(struct tcp_conn *c, const struct tcp_event *e)
{
	*(e->kind == TCP_KIND_SEND_LENGTH ? &c->io_tx : &c->io_rx) += tcp_event_call_bytes(e);
}

int tracker_count(struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
	if (e->kind == TCP_KIND_RETRANSMIT_SYNACK)
		return count_synack(t, c, e);
	if (!c)
		return 0;
	e->conn = c;
	switch (e->kind) {
	case TCP_KIND_RETRANSMIT: return count_retransmit(t, c, e);
	case TCP_KIND_SEND_RESET:
	case TCP_KIND_RECEIVE_RESET: return tracker_count_reset(t, c, e);
	case TCP_KIND_SEND_LENGTH:
	case TCP_KIND_RECV_LENGTH: count_io(c, e); break;
	default: break;
	}
	return 0;
}
