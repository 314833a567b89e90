/* SPDX-License-Identifier: MIT */
/*
 * reset-kind: what a RST means, by the state of the socket that sent or received it.
 */
#pragma once

#include "tcp/event.h"

enum reset_kind {
	RESET_NO_SOCKET, /* sent: the segment was for a closed port, or a connection that is gone */
	RESET_REFUSED,	 /* received: the answer to our SYN */
	RESET_HANDSHAKE, /* sent or received before the connection was established */
	RESET_LISTENER,	 /* sent by a listener: the segment belongs to no connection */
	RESET_ABORT,	 /* sent: the process closed with data unread, or with SO_LINGER 0 */
	RESET_KEEPALIVE, /* sent: the peer did not answer keepalive probes */
	RESET_LATE_DATA, /* sent: data came after this host had closed */
	RESET_INVALID,	 /* sent by an open connection: the segment was not valid for it */
	RESET_MIDSTREAM, /* received by an open connection */
	RESET_AFTER_FIN, /* received after one side had closed */
	RESET_LATE,	 /* sent or received after both sides had closed: nothing was lost */
	RESET_KINDS,
};
const char *reset_kind_name(enum reset_kind k);
/* The meaning of e, an event of kind SEND_RESET or RECEIVE_RESET. */
enum reset_kind reset_kind_of(const struct tcp_event *e);
/* The TCP state that the meaning follows from (enum tcp_state). NONE: there was no socket, or its
 * state is not known. */
int reset_state_of(const struct tcp_event *e);
