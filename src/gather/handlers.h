/* SPDX-License-Identifier: MIT */
/*
 * handlers: the functions that handle each kind of event, and a whole connection, for the gather
 * view. Private to gather/. A handler that attributes its event fills g->subject and g->sets. All
 * return 0 or -ENOMEM.
 */
#pragma once

#include "gather/gathered.h"

/* Handlers of events that are in the time window and pass the filter. */
int gather_retransmit(struct gathered *in, struct gather_event *g) MUST_CHECK;
int gather_synack(struct gathered *in, struct gather_event *g) MUST_CHECK;
int gather_reset(struct gathered *in, struct gather_event *g) MUST_CHECK;
int gather_congestion(struct gathered *in, struct gather_event *g) MUST_CHECK;
int gather_error(struct gathered *in, struct gather_event *g) MUST_CHECK;
int gather_bad_csum(struct gathered *in, struct gather_event *g) MUST_CHECK;
int gather_probe(struct gathered *in, struct gather_event *g) MUST_CHECK;
int gather_sample(struct gathered *in, struct gather_event *g) MUST_CHECK;

/* Handlers that check the time window and the filter themselves, because their events matter
 * outside the window, too, or because only the connection knows the owner to filter by. */
int gather_state(struct gathered *in, struct gather_event *g) MUST_CHECK;
/* Handles a row of the dump at the start or at the end. *growth is memory of the caller, to which
 * g->growth may point afterwards. */
int gather_dumped(struct gathered *in, struct gather_event *g,
		  struct tcp_info_growth *growth) MUST_CHECK;
/* Handles the last tcp_info of a destroyed socket. */
int gather_final(struct gathered *in, struct gather_event *g,
		 struct tcp_info_growth *growth) MUST_CHECK;

/* Notes what a row of the tables says about timeouts in a row. */
int gather_tabled_run(struct gathered *in, const struct tcp_event *e) MUST_CHECK;
/* Notes the most data in a segment that a row shows. */
void gather_note_mss(struct conn_history *t, const struct tcp_event *e);
/* Notes what the last tcp_info of the connection says about its stall, and about the data that
 * arrived at its peer. */
int gather_stall_figures(struct gathered *in, const struct tcp_event *e,
			 const struct tcp_info_growth *growth) MUST_CHECK;
/* Finds the growth of a connection's tcp_info before the recording began, which is 0 for one that
 * was born later. False: it is not known. */
bool gather_find_base(const struct gathered *in, const struct tcp_conn *c,
		      struct tcp_info_growth *ret);

/* Handles a connection that has ended, or is open at the end of the tape. */
int gather_conn(struct gathered *in, const struct tcp_conn *c) MUST_CHECK;

/* Adds c, a further subflow of an MPTCP connection, to a set of counters. */
void gather_join(struct counters *counters, const struct tcp_conn *c);
/* Adds c, an attempt to connect, to a set of counters. with_latency: also how long it took. */
int gather_attempt(struct gathered *in, struct counters *counters, const struct tcp_conn *c,
		   bool with_latency) MUST_CHECK;

/* Notes the time of a loss in a set of counters. */
int gather_lost_at(struct gathered *in, struct counters *s, uint64_t ts_ns) MUST_CHECK;
