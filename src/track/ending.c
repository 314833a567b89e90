// SPDX-License-Identifier: MIT
#include "track/ending.h"

#include <errno.h>

#include "tcp/closer.h"
#include "tcp/names.h"

enum { FIN_NONE, FIN_OURS, FIN_THEIRS, FIN_BOTH };

void ending_note_state(struct tcp_conn *c, int state)
{
	switch (state) {
	case TCP_STATE_ESTABLISHED: break;
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_FIN_WAIT2:
		if (!c->first_fin)
			c->first_fin = FIN_OURS;
		break;
	case TCP_STATE_CLOSE_WAIT:
	case TCP_STATE_LAST_ACK:
		if (!c->first_fin)
			c->first_fin = FIN_THEIRS;
		break;
	case TCP_STATE_CLOSING: c->first_fin = FIN_BOTH; break;
	default: return;
	}
	c->was_established = true;
}

static enum tcp_ending ending_by_error(const struct tcp_conn *c)
{
	switch (tcp_conn_cold(c)->err) {
	case ETIMEDOUT: return TCP_ENDING_TIMEOUT;
	/* A received RST sets one of these errors (tcp_reset in net/ipv4/tcp_input.c). */
	case ECONNRESET:
	case ECONNREFUSED:
	case EPIPE: return TCP_ENDING_REMOTE_RESET;
	default: return TCP_ENDING_ERROR;
	}
}

static enum tcp_ending ending_by_fin(const struct tcp_conn *c)
{
	/* The peer never acknowledged our FIN, and the kernel gave up the orphaned socket, for
	 * which it reports no error (tcp_orphan_retries). */
	if (c->last_state == TCP_STATE_FIN_WAIT1)
		return tcp_conn_cold(c)->n_timeouts ? TCP_ENDING_TIMEOUT : TCP_ENDING_ABORTED;
	switch (c->first_fin) {
	case FIN_OURS: return TCP_ENDING_LOCAL_FIN;
	case FIN_THEIRS:
		return c->last_state == TCP_STATE_CLOSE_WAIT ? TCP_ENDING_ABORTED
							     : TCP_ENDING_REMOTE_FIN;
	case FIN_BOTH: return TCP_ENDING_BOTH_FIN;
	default: return TCP_ENDING_ABORTED;
	}
}

void ending_decide(struct tcp_conn *c)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);

	if (cold->n_resets_received)
		c->ending = TCP_ENDING_REMOTE_RESET;
	else if (cold->err || tcp_conn_attempt(c)->closer == TCP_CLOSER_CONNECT)
		c->ending = ending_by_error(c);
	else if (cold->n_resets_sent)
		c->ending = TCP_ENDING_LOCAL_RESET;
	else
		c->ending = ending_by_fin(c);
}

/* Whether the peer has acknowledged our FIN. */
static bool is_fin_acked(const struct tcp_conn *c)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	unsigned int state = c->state == TCP_STATE_CLOSE ? c->last_state : c->state;

	return state == TCP_STATE_FIN_WAIT2 ||
	       (c->state == TCP_STATE_CLOSE && !cold->err && !cold->n_resets_received &&
		(state == TCP_STATE_LAST_ACK || state == TCP_STATE_CLOSING));
}

/* The number of bytes of data that the peer has acknowledged. */
static uint64_t acked_data(const struct tcp_conn *c, const struct tcp_info_values *f)
{
	uint64_t acked = f->values[TCP_INFO_BYTES_ACKED], sent, again;

	/* Only the SYN of an active open is in bytes_acked: in a passive open,
	 * tcp_create_openreq_child sets snd_una to the number after the SYN. */
	if (c->is_client && acked)
		acked--;
	/* bytes_sent (from 4.19 on) counts only data, so it bounds the acknowledged data. */
	if (tcp_info_get(f, TCP_INFO_BYTES_SENT, &sent) &&
	    tcp_info_get(f, TCP_INFO_BYTES_RETRANS, &again) && sent >= again)
		return acked < sent - again ? acked : sent - again;
	return is_fin_acked(c) && acked ? acked - 1 : acked;
}

static bool has_their_fin(const struct tcp_conn *c)
{
	if (c->first_fin == FIN_THEIRS || c->first_fin == FIN_BOTH)
		return true;
	if (c->state != TCP_STATE_CLOSE || c->last_state != TCP_STATE_FIN_WAIT2)
		return false;
	/* An orphaned socket becomes TIME_WAIT as soon as its FIN is acknowledged
	 * (tcp_rcv_state_process), and then does not receive the peer's FIN. */
	return c->knows_fin ? c->has_fin : !c->is_early_time_wait;
}

int ending_take_tcp_info(struct conns *s, struct tcp_conn *c, const struct tcp_info_values *f,
			 bool is_final)
{
	struct tcp_conn_info *own;
	uint64_t v;

	if (!f)
		return 0;
	own = conns_tcp_info(s, c);
	if (!own)
		return -ENOMEM;
	if (tcp_info_get(f, TCP_INFO_BYTES_ACKED, &v) &&
	    tcp_info_get(f, TCP_INFO_BYTES_RECEIVED, &v)) {
		own->tx_bytes = acked_data(c, f);
		own->rx_bytes = v && has_their_fin(c) ? v - 1 : v;
		own->has_bytes = true;
	}
	if (tcp_info_get(f, TCP_INFO_RTT_US, &v) && v) {
		own->rtt_us = (uint32_t)v;
		own->has_rtt = true;
	}
	if (tcp_info_get(f, TCP_INFO_MIN_RTT_US, &v) && v != UINT32_MAX) {
		own->min_rtt_us = (uint32_t)v;
		own->has_min_rtt = true;
	}
	if (tcp_info_get(f, TCP_INFO_RTO_US, &v) && v) {
		own->rto_us = (uint32_t)v;
		own->has_rto = true;
	}
	if (tcp_info_get(f, TCP_INFO_TOTAL_RETRANS, &v)) {
		own->total_retrans = (uint32_t)v;
		own->has_total_retrans = true;
	}
	c->has_final |= is_final;
	return 0;
}
