// SPDX-License-Identifier: MIT
/*
 * What an event adds to the counts of its group in top.
 */
#include "tcp/names.h"
#include "view/top.h"

/* Whether the connection began with a SYN of this host: in a simultaneous open, as that of a socket
 * with itself, SYN_RECV comes in between. */
static bool is_of_attempt(const struct tcp_event *e)
{
	return e->oldstate == TCP_STATE_SYN_SENT ||
	       (e->conn && e->conn->origin == TCP_ORIGIN_CONNECT);
}

bool top_sums_of(const struct tcp_event *e, struct top_sums *ret)
{
	*ret = (struct top_sums){0};
	switch (e->kind) {
	case TCP_KIND_RETRANSMIT:
		ret->retrans =
			!(tcp_event_has(e, TCP_FIELD_ERR) && e->err) && e->cause != TCP_CAUSE_TLP;
		return ret->retrans;
	case TCP_KIND_RETRANSMIT_SYNACK: ret->retrans = 1; return true;
	case TCP_KIND_SEND_RESET:
	case TCP_KIND_RECEIVE_RESET: ret->resets = 1; return true;
	case TCP_KIND_SEND_LENGTH: ret->tx = tcp_event_call_bytes(e); return ret->tx;
	case TCP_KIND_RECV_LENGTH: ret->rx = tcp_event_call_bytes(e); return ret->rx;
	case TCP_KIND_SET_STATE:
		/* The subflows of an MPTCP connection open and close, beside its main socket. */
		if (tcp_event_has(e, TCP_FIELD_PROTOCOL) && e->protocol == TCP_PROTOCOL_MPTCP)
			return false;
		ret->opened = e->newstate == TCP_STATE_ESTABLISHED ||
			      (e->newstate == TCP_STATE_SYN_SENT && e->oldstate == TCP_STATE_CLOSE);
		if (e->newstate == TCP_STATE_ESTABLISHED && is_of_attempt(e))
			ret->opened = 0; /* the connection was counted at its SYN */
		ret->closed = e->newstate == TCP_STATE_CLOSE;
		return ret->opened || ret->closed || e->newstate == TCP_STATE_ESTABLISHED;
	default: return false;
	}
}

void top_sums_add(struct top_sums *to, const struct top_sums *s)
{
	to->tx += s->tx;
	to->rx += s->rx;
	to->retrans += s->retrans;
	to->resets += s->resets;
	to->opened += s->opened;
	to->closed += s->closed;
}
