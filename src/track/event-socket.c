// SPDX-License-Identifier: MIT
#include "track/event-socket.h"

#include "tcp/names.h"

bool event_is_tcp(const struct tcp_event *e)
{
	return !tcp_event_has(e, TCP_FIELD_PROTOCOL) || e->protocol == TCP_PROTOCOL_TCP ||
	       e->protocol == TCP_PROTOCOL_MPTCP;
}

bool event_is_of_socket(const struct tcp_event *e)
{
	switch (e->kind) {
	case TCP_KIND_RETRANSMIT:
	case TCP_KIND_RECEIVE_RESET:
	case TCP_KIND_DESTROY:
	case TCP_KIND_SET_STATE:
	case TCP_KIND_CONG_STATE:
	case TCP_KIND_PROBE:
	case TCP_KIND_SPACE_ADJUST:
	case TCP_KIND_RCVBUF_GROW:
	case TCP_KIND_DATA_READY:
	case TCP_KIND_SEND_LENGTH:
	case TCP_KIND_RECV_LENGTH: return true;
	case TCP_KIND_SEND_RESET:
		return e->state != TCP_STATE_LISTEN && e->state != TCP_STATE_NEW_SYN_RECV &&
		       e->state != TCP_STATE_TIME_WAIT;
	default: return false;
	}
}

bool event_may_begin(const struct tcp_event *e)
{
	switch (e->kind) {
	case TCP_KIND_SEND_LENGTH:
	case TCP_KIND_RECV_LENGTH:
	case TCP_KIND_DATA_READY:
		return tcp_event_has(e, TCP_FIELD_FAMILY) && tcp_event_has(e, TCP_FIELD_PROTOCOL) &&
		       e->protocol == TCP_PROTOCOL_TCP;
	case TCP_KIND_DESTROY: return false;
	/* A RST that is sent after CLOSE ends a connection and never begins one. */
	case TCP_KIND_SEND_RESET:
		return event_is_of_socket(e) && event_is_tcp(e) && e->state != TCP_STATE_CLOSE;
	default: return event_is_of_socket(e) && event_is_tcp(e);
	}
}

bool event_is_birth(const struct tcp_event *e)
{
	if (e->kind != TCP_KIND_SET_STATE)
		return false;
	if (e->oldstate == TCP_STATE_CLOSE)
		return e->newstate == TCP_STATE_SYN_SENT || e->newstate == TCP_STATE_LISTEN;
	return e->oldstate == TCP_STATE_LISTEN && e->newstate == TCP_STATE_SYN_RECV;
}

bool event_has_own_addresses(const struct tcp_event *e)
{
	return event_is_of_socket(e) &&
	       !(e->kind == TCP_KIND_SET_STATE && e->oldstate == TCP_STATE_LISTEN &&
		 e->newstate == TCP_STATE_SYN_RECV && !tcp_event_has(e, TCP_FIELD_RPORT));
}
