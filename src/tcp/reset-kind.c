// SPDX-License-Identifier: MIT
/*
 * The state of the socket decides, which every kernel gives; the reason of tcp_send_reset
 * (include/net/rstreason.h, from 6.10 on) adds keepalive.
 */
#include "tcp/reset-kind.h"

#include <string.h>

#include "tcp/conn.h"
#include "tcp/names.h"

const char *reset_kind_name(enum reset_kind k)
{
	static const char *const names[RESET_KINDS] = {
		[RESET_NO_SOCKET] = "no-socket", [RESET_REFUSED] = "refused",
		[RESET_HANDSHAKE] = "handshake", [RESET_LISTENER] = "listener",
		[RESET_ABORT] = "abort",	 [RESET_KEEPALIVE] = "keepalive",
		[RESET_LATE_DATA] = "late-data", [RESET_INVALID] = "invalid",
		[RESET_MIDSTREAM] = "midstream", [RESET_AFTER_FIN] = "after-fin",
		[RESET_LATE] = "late",
	};

	return (unsigned int)k < RESET_KINDS ? names[k] : NULL;
}

static enum reset_kind reset_kind_sent(int state, const char *reason)
{
	if (reason && strstr(reason, "KEEPALIVE"))
		return RESET_KEEPALIVE;
	switch (state) {
	case TCP_STATE_NONE: return RESET_NO_SOCKET;
	case TCP_STATE_LISTEN: return RESET_LISTENER;
	case TCP_STATE_TIME_WAIT: return RESET_LATE;
	case TCP_STATE_SYN_SENT:
	case TCP_STATE_SYN_RECV:
	case TCP_STATE_NEW_SYN_RECV: return RESET_HANDSHAKE;
	/* tcp_close and tcp_disconnect set CLOSE before they send the RST. */
	case TCP_STATE_CLOSE: return RESET_ABORT;
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_FIN_WAIT2:
	case TCP_STATE_CLOSING:
	case TCP_STATE_LAST_ACK: return RESET_LATE_DATA;
	default: return RESET_INVALID;
	}
}

static enum reset_kind reset_kind_received(int state)
{
	switch (state) {
	case TCP_STATE_SYN_SENT: return RESET_REFUSED;
	case TCP_STATE_SYN_RECV:
	case TCP_STATE_NEW_SYN_RECV: return RESET_HANDSHAKE;
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_FIN_WAIT2:
	case TCP_STATE_CLOSE_WAIT: return RESET_AFTER_FIN;
	case TCP_STATE_CLOSING:
	case TCP_STATE_LAST_ACK: return RESET_LATE;
	default: return RESET_MIDSTREAM;
	}
}

int reset_state_of(const struct tcp_event *e)
{
	if (e->kind == TCP_KIND_RECEIVE_RESET)
		return e->conn ? e->conn->state : TCP_STATE_NONE;
	if (tcp_event_has(e, TCP_FIELD_STATE) && e->state)
		return e->state;
	/* Before 4.20 tcp_send_reset has no field `state`. */
	if (tcp_event_has(e, TCP_FIELD_SK) && e->sk && e->conn)
		return e->conn->state;
	return TCP_STATE_NONE;
}

enum reset_kind reset_kind_of(const struct tcp_event *e)
{
	int state = reset_state_of(e);

	if (e->kind == TCP_KIND_RECEIVE_RESET)
		return reset_kind_received(state);
	return reset_kind_sent(state, e->reason_name);
}
