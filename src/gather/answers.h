/* SPDX-License-Identifier: MIT */
/*
 * answers: when each peer last acknowledged something, on any of its connections, as far as the
 * tape shows it. While one connection stalls, an answer on another one shows that the peer is alive
 * and can be reached. Connections that do not pass the filter count, too.
 */
#pragma once

#include "base/cleanup.h"
#include "base/groups.h"
#include "tcp/event.h"

struct answers {
	struct groups by_peer; /* of struct peer_answers */
};

struct peer_answers {
	struct ip_addr peer; /* the key */
	uint64_t last_ns;
	/* The most data that arrived there in one segment: a lower bound, as it is the average of
	 * a connection. */
	uint32_t segment_bytes;
};

void answers_init(struct answers *a);
void answers_done(struct answers *a);
/* Notes what the event says; most events say nothing. is_stalled: the event's own connection has
 * stalled. 0 or -ENOMEM. */
int answers_event(struct answers *a, const struct tcp_event *e, bool is_stalled) MUST_CHECK;
/* Notes that data arrived in segments of so many bytes, on the average of one connection. */
int answers_segments(struct answers *a, const struct ip_addr *peer, uint32_t bytes) MUST_CHECK;
/* When the last acknowledgement came on a connection, by its row of sock_diag; 0: unknown. */
uint64_t answers_heard_ns(const struct tcp_event *e);
/* What is known of the peer; NULL: nothing. */
const struct peer_answers *answers_of(const struct answers *a, const struct ip_addr *peer);
