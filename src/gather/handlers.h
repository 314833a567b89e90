/* SPDX-License-Identifier: MIT */
/*
 * handlers: what the gather view does with each kind of event, and with a whole connection. Private
 * to gather/. Those that attribute the event fill g->subject and g->sets. All give 0 or -ENOMEM.
 */
#pragma once

#include "gather/gathered.h"

/* Events that are wanted: in the window, and by the filter. */
int gather_retransmit(struct gathered *in, struct gather_event *g) MUST_CHECK;
int gather_synack(struct gathered *in, struct gather_event *g) MUST_CHECK;
int gather_reset(struct gathered *in, struct gather_event *g) MUST_CHECK;
int gather_congestion(struct gathered *in, struct gather_event *g) MUST_CHECK;
int gather_error(struct gathered *in, struct gather_event *g) MUST_CHECK;
int gather_bad_csum(struct gathered *in, struct gather_event *g) MUST_CHECK;

/* Events that matter outside the window, or whose owner only the connection knows: these look at
 * window and filter themselves. */
int gather_state(struct gathered *in, struct gather_event *g) MUST_CHECK;
/* A row of the socket table at the start or at the end. Room for *growth is the caller's. */
int gather_dumped(struct gathered *in, struct gather_event *g,
		  struct tcp_info_growth *growth) MUST_CHECK;
/* The last figures of a socket that is gone. */
int gather_final(struct gathered *in, struct gather_event *g,
		 struct tcp_info_growth *growth) MUST_CHECK;

/* A connection that has ended, or is open at the end of the tape. */
int gather_conn(struct gathered *in, const struct tcp_conn *c) MUST_CHECK;

/* Notes in a set of counters that data was lost. */
int gather_lost_at(struct gathered *in, struct counters *s, uint64_t ts_ns) MUST_CHECK;

/* Extends a span of time, which is {0, 0} while nothing has happened, to ts_ns. */
static inline void gather_span(uint64_t *first_ns, uint64_t *last_ns, uint64_t ts_ns)
{
	if (!*first_ns)
		*first_ns = ts_ns;
	*last_ns = ts_ns;
}
