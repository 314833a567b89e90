/* SPDX-License-Identifier: MIT */
/*
 * reset-kind: what a RST means. The kernel's reason decides where the tape has it (tcp_send_reset,
 * from 6.10 on), with the state of the socket and whether a process or an interrupt sent the RST;
 * on older kernels, the latter two decide, with the error of the socket.
 */
#pragma once

#include "tcp/event.h"

struct tcp_conn;

enum reset_kind {
	RESET_NO_SOCKET, /* sent: the segment was for a closed port, or a connection that is gone */
	RESET_REFUSED,	 /* received: the answer to our SYN */
	RESET_HANDSHAKE, /* sent or received before the connection was established */
	RESET_LISTENER,	 /* sent by a listener: the segment belongs to no connection */
	RESET_OVERFLOW,	 /* sent by a listener: accept queue full, net.ipv4.tcp_abort_on_overflow */
	RESET_UNACCEPTED, /* sent: the listener was closed before a process accepted it */
	RESET_ABORT,	  /* sent: the process closed with data unread, or with SO_LINGER 0 */
	RESET_DESTROYED,  /* sent: somebody destroyed the socket: ss -K, SOCK_DESTROY */
	RESET_KEEPALIVE,  /* sent: the peer did not answer keepalive probes */
	RESET_MEMORY,	  /* sent: the kernel dropped an orphan, for lack of memory or by limit */
	RESET_MPTCP,	  /* sent by a subflow of MPTCP */
	RESET_LATE_DATA,  /* sent: data came after this host had closed */
	RESET_INVALID,	  /* sent by an open connection for another reason */
	RESET_MIDSTREAM,  /* received by an open connection */
	RESET_AFTER_FIN,  /* received after one side had closed, or with data under way */
	RESET_LATE,	  /* received after both sides had closed */
	RESET_KINDS,
};
const char *reset_kind_name(enum reset_kind k);
/* The meaning of e, an event of kind SEND_RESET or RECEIVE_RESET, as far as it is known at its
 * time. */
enum reset_kind reset_kind_of(const struct tcp_event *e);
/* The meaning of a RST of kind k, once all of its connection is known. */
enum reset_kind reset_kind_at_end(enum reset_kind k, const struct tcp_conn *c);
/* The TCP state before the RST (enum tcp_state): before CLOSE, where the kernel closes the socket
 * first. NONE: there was no socket, or its state is not known. */
int reset_state_of(const struct tcp_event *e);
/* Whether a program asked for this RST, sent by its close: SO_LINGER with 0 seconds, TCP_LINGER2
 * below 0, or connect() to AF_UNSPEC. reason may be NULL: then nobody knows. */
bool reset_is_asked(const char *reason);
/*
 * Whether e, a RST that was sent, undoes a tcp_receive_reset of the same call: the kernel handles
 * data that comes after close() as if the peer had reset the connection (tcp_rcv_state_process
 * calls tcp_reset), and answers it with a RST.
 */
bool reset_undoes_received(const struct tcp_event *e);
