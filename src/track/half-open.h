/* SPDX-License-Identifier: MIT */
/*
 * half-open: connections of which only retransmitted SYN-ACKs are seen, because the kernel has no
 * socket for them yet (half-open as in RFC 4987; in RFC 9293, 3.5.1 the word is for connections of
 * which one end has crashed). They are found by their endpoints until a socket takes their place.
 */
#pragma once

#include "track/conns.h"
#include "tcp/event.h"

/* Counts e, a retransmitted SYN-ACK, in its half-open connection, which is made if need be.
 * listener is the owner of the listening socket, or NULL. *ret is the connection. It is NULL if
 * there are max connections in all already, or if the event lacks a port. 0 or -ENOMEM. */
int half_open_synack(struct conns *s, const struct tcp_event *e, const struct owner *listener,
		     uint32_t max, struct tcp_conn **ret) MUST_CHECK;
/* Replaces the half-open connection that has the endpoints of c by c: adds its counts to those of
 * c, and frees it. False: there is none. */
bool half_open_complete(struct conns *s, struct tcp_conn *c);
