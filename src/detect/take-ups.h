/* SPDX-License-Identifier: MIT */
/*
 * take-ups: follows the connections that this host opens until the other end takes them up.
 */
#pragma once

#include "base/pool.h"
#include "detect/destinations.h"
#include "gather/gathered.h"

struct take_ups {
	struct map by_tuple; /* hash of both endpoints to struct take_up * */
	/* Number of a connection to struct take_up *: those whose endpoints a later connection has
	 * already, though they are handed out only when their last figures are there. */
	struct map succeeded;
	struct pool items;
	struct arena arena;
	struct destinations destinations;
};

void take_ups_init(struct take_ups *t);
void take_ups_done(struct take_ups *t);

#define TAKE_UPS_KINDS                                                                             \
	(TCP_KIND_BIT(TCP_KIND_SET_STATE) | TCP_KIND_BIT(TCP_KIND_RETRANSMIT) |                    \
	 TCP_KIND_BIT(TCP_KIND_RETRANSMIT_SYNACK) | TCP_KIND_BIT(TCP_KIND_CONG_STATE) |            \
	 TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED) | TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL))

/* Takes an event of TAKE_UPS_KINDS. 0 or -ENOMEM. */
int take_ups_event(struct take_ups *t, const struct gathered *in,
		   const struct gather_event *g) MUST_CHECK;
/* Takes a connection that has ended, or is open at the end of the tape. 0 or -ENOMEM. */
int take_ups_conn(struct take_ups *t, const struct gathered *in, const struct tcp_conn *c,
		  const struct conn_history *history) MUST_CHECK;
