/* SPDX-License-Identifier: MIT */
/*
 * half-open: connections of which only the SYN-ACKs are seen, because the kernel has no socket for
 * them yet. They are known by their endpoints until a socket takes their place.
 */
#pragma once

#include "track/conns.h"
#include "tcp/event.h"

/* A SYN-ACK was sent again; listener, who listens there, may be NULL. *ret is the half-open connection; NULL where
 * there are max of anything, or the event has no endpoints. 0 or -ENOMEM. */
int half_open_synack(struct conns *s, const struct tcp_event *e, const struct owner *listener,
		     uint32_t max, struct tcp_conn **ret) MUST_CHECK;
/* c has got its endpoints: is it the one that was half open? Takes over its counts, and frees it.
 * True when it was. */
bool half_open_complete(struct conns *s, struct tcp_conn *c);
