// SPDX-License-Identifier: MIT
#include "tcp/reset-kind.h"

#include <errno.h>
#include <string.h>

#include "tcp/conn.h"
#include "tcp/names.h"

/* The time between tcp_receive_reset and tcp_send_reset of one call. */
#define SAME_CALL_NS 1000000u

const char *reset_kind_name(enum reset_kind k)
{
	static const char *const names[RESET_KINDS] = {
		[RESET_NO_SOCKET] = "no-socket", [RESET_REFUSED] = "refused",
		[RESET_HANDSHAKE] = "handshake", [RESET_LISTENER] = "listener",
		[RESET_OVERFLOW] = "overflow",	 [RESET_UNACCEPTED] = "unaccepted",
		[RESET_ABORT] = "abort",	 [RESET_DESTROYED] = "destroyed",
		[RESET_KEEPALIVE] = "keepalive", [RESET_MEMORY] = "memory",
		[RESET_MPTCP] = "mptcp",	 [RESET_LATE_DATA] = "late-data",
		[RESET_INVALID] = "invalid",	 [RESET_MIDSTREAM] = "midstream",
		[RESET_AFTER_FIN] = "after-fin", [RESET_LATE] = "late",
	};

	return (unsigned int)k < RESET_KINDS ? names[k] : NULL;
}

/* True if the kernel gave a reason, and it says more than that there is none. */
static bool has_reason(const struct tcp_event *e)
{
	return e->reason_name && !strstr(e->reason_name, "NOT_SPECIFIED");
}

static bool is_reason(const struct tcp_event *e, const char *word)
{
	return e->reason_name && strstr(e->reason_name, word);
}

static bool is_after_our_fin(int state)
{
	return state == TCP_STATE_FIN_WAIT1 || state == TCP_STATE_FIN_WAIT2 ||
	       state == TCP_STATE_CLOSING || state == TCP_STATE_LAST_ACK;
}

/* A process, and not a segment or a timer, made the kernel send the RST (tcp_send_active_reset with
 * TCP_STATE, the reason of tcp_abort and of tcp_disconnect). */
static bool is_by_process(const struct tcp_event *e)
{
	return tcp_event_in_process(e) && (!has_reason(e) || is_reason(e, "TCP_STATE"));
}

/* The RST of a socket that was closed just before: by its process (tcp_close, tcp_disconnect), or
 * because data came after that (tcp_rcv_state_process). */
static enum reset_kind reset_kind_of_closed(const struct tcp_event *e)
{
	if (e->conn && e->conn->is_unaccepted)
		return RESET_UNACCEPTED;
	if (is_reason(e, "ABORT_ON_DATA"))
		return RESET_LATE_DATA;
	if (!has_reason(e) && e->conn && is_after_our_fin(e->conn->last_state) &&
	    (!tcp_event_in_process(e) || reset_undoes_received(e)))
		return RESET_LATE_DATA;
	return RESET_ABORT;
}

static enum reset_kind reset_kind_by_reason(const struct tcp_event *e)
{
	if (is_reason(e, "KEEPALIVE"))
		return RESET_KEEPALIVE;
	if (is_reason(e, "ABORT_ON_MEMORY"))
		return RESET_MEMORY;
	return is_reason(e, "MPTCP_") ? RESET_MPTCP : RESET_KINDS;
}

static enum reset_kind reset_kind_sent(const struct tcp_event *e, int state)
{
	enum reset_kind by_reason = reset_kind_by_reason(e);

	if (by_reason != RESET_KINDS)
		return by_reason;
	switch (state) {
	case TCP_STATE_NONE: return RESET_NO_SOCKET;
	/* In tcp_check_req a listener sends this reason if its queue is full. */
	case TCP_STATE_LISTEN: return is_reason(e, "INVALID_SYN") ? RESET_OVERFLOW : RESET_LISTENER;
	case TCP_STATE_SYN_SENT:
	case TCP_STATE_NEW_SYN_RECV: return RESET_HANDSHAKE;
	case TCP_STATE_SYN_RECV: return is_by_process(e) ? RESET_DESTROYED : RESET_HANDSHAKE;
	/* It stands for FIN_WAIT2 of a socket that no process has open, and its peer has sent data
	 * (tcp_timewait_state_process): a socket in TIME_WAIT proper sends no RST. */
	case TCP_STATE_TIME_WAIT: return RESET_LATE_DATA;
	case TCP_STATE_CLOSE: return reset_kind_of_closed(e);
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_FIN_WAIT2:
	case TCP_STATE_CLOSING:
	case TCP_STATE_LAST_ACK:
		if (is_by_process(e))
			return RESET_DESTROYED;
		/* A timer that gives up FIN_WAIT2 (TCP_LINGER2). */
		return is_reason(e, "TCP_STATE") ? RESET_ABORT : RESET_LATE_DATA;
	default: return is_by_process(e) ? RESET_DESTROYED : RESET_INVALID;
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

/* The state in the event, or else that of its socket. */
static int state_now(const struct tcp_event *e)
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

int reset_state_of(const struct tcp_event *e)
{
	int state = state_now(e);

	return e->kind == TCP_KIND_SEND_RESET && state == TCP_STATE_CLOSE && e->conn
		       ? e->conn->last_state
		       : state;
}

enum reset_kind reset_kind_of(const struct tcp_event *e)
{
	int state = state_now(e);

	return e->kind == TCP_KIND_RECEIVE_RESET ? reset_kind_received(state)
						 : reset_kind_sent(e, state);
}

enum reset_kind reset_kind_at_end(enum reset_kind k, const struct tcp_conn *c)
{
	switch (tcp_conn_cold(c)->err) {
	/* Only tcp_abort sets it, for an administrator. */
	case ECONNABORTED:
		if (k == RESET_INVALID || k == RESET_LATE_DATA)
			return RESET_DESTROYED;
		break;
	/* The timer of keepalive is the only one that sends a RST when it gives up. */
	case ETIMEDOUT:
		if (k == RESET_INVALID)
			return RESET_KEEPALIVE;
		break;
	default: break;
	}
	if (k == RESET_LATE && tcp_conn_info(c)->has_unacked && tcp_conn_info(c)->unacked_bytes)
		return RESET_AFTER_FIN;
	return k;
}

bool reset_is_asked(const char *reason)
{
	return reason && (strstr(reason, "TCP_STATE") || strstr(reason, "LINGER"));
}

bool reset_undoes_received(const struct tcp_event *e)
{
	const struct tcp_conn_cold *cold = e->conn ? tcp_conn_cold(e->conn) : NULL;

	return cold && cold->n_resets_received == 1 && !cold->reset.is_sent &&
	       state_now(e) == TCP_STATE_CLOSE && is_after_our_fin(cold->reset.state) &&
	       e->ts_ns - cold->reset.ts_ns < SAME_CALL_NS &&
	       (!has_reason(e) || is_reason(e, "ABORT_ON_DATA"));
}
