// SPDX-License-Identifier: MIT
#include "track/ending.h"

#include <errno.h>

#include "tcp/closer.h"
#include "tcp/names.h"
#include "tcp/reset-kind.h"

void ending_note_state(struct tcp_conn *c, int state)
{
	switch (state) {
	case TCP_STATE_ESTABLISHED: break;
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_FIN_WAIT2:
		if (!c->first_fin)
			c->first_fin = TCP_FIN_OURS;
		break;
	case TCP_STATE_CLOSE_WAIT:
	case TCP_STATE_LAST_ACK:
		if (!c->first_fin)
			c->first_fin = TCP_FIN_THEIRS;
		break;
	case TCP_STATE_CLOSING: c->first_fin = TCP_FIN_BOTH; break;
	default: return;
	}
	c->was_established = true;
}

static enum tcp_ending ending_by_error(const struct tcp_conn *c)
{
	switch (tcp_conn_cold(c)->err) {
	case ETIMEDOUT: return TCP_ENDING_TIMEOUT;
	/* A received RST sets one of these errors (tcp_reset in net/ipv4/tcp_input.c), and so does
	 * data that comes after close() and is answered by a RST. */
	case ECONNRESET:
	case ECONNREFUSED:
	case EPIPE:
		return tcp_conn_cold(c)->n_resets_sent ? TCP_ENDING_LOCAL_RESET
						       : TCP_ENDING_REMOTE_RESET;
	case ECONNABORTED: return TCP_ENDING_DESTROYED;
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
	case TCP_FIN_OURS: return TCP_ENDING_LOCAL_FIN;
	case TCP_FIN_THEIRS:
		return c->last_state == TCP_STATE_CLOSE_WAIT ? TCP_ENDING_ABORTED
							     : TCP_ENDING_REMOTE_FIN;
	case TCP_FIN_BOTH: return TCP_ENDING_BOTH_FIN;
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
		c->ending = cold->reset.kind == RESET_DESTROYED ? TCP_ENDING_DESTROYED
								: TCP_ENDING_LOCAL_RESET;
	else
		c->ending = ending_by_fin(c);
}
