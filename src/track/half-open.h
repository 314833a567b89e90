/* SPDX-License-Identifier: MIT */
/*
 * half-open: connections of which only the SYN-ACKs are seen, because the kernel has no socket for
 * them yet (RFC 4987; not the half-open connections of RFC 9293, 3.5.1, of which one end has
 * crashed). They are found by their endpoints until a socket takes their place.
 */
#pragma once

#include "track/conns.h"
#include "tcp/event.h"

/* e is a retransmitted SYN-ACK. listener is the owner of the listening socket, or NULL. *ret is the
 * half-open connection; NULL where there are max connections in all already, or where the event has
 * no endpoints. 0 or -ENOMEM. */
int half_open_synack(struct conns *s, const struct tcp_event *e, const struct owner *listener,
		     uint32_t max, struct tcp_conn **ret) MUST_CHECK;
/* c has its endpoints now. Frees the half-open connection with the same endpoints after its counts
 * are added to those of c. False: there is none. */
bool half_open_complete(struct conns *s, struct tcp_conn *c);
