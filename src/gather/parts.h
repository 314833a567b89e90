/* SPDX-License-Identifier: MIT */
/*
 * parts: what the files that fill a struct incident share. Private to them. All give 0 or -ENOMEM.
 */
#pragma once

#include "gather/gathered.h"

/* Is its moment to be looked at, and does its subject pass the filter? */
bool gather_wants(const struct gathered *in, const struct tcp_event *e);
struct conn_subject gather_subject(const struct gathered *in, const struct tcp_event *e);
struct conn_subject gather_subject_of_conn(const struct gathered *in, const struct tcp_conn *c);

/* What happened to its connection so far, made if need be; *ret NULL: it has none, or there is no
 * room. */
int gather_history(struct gathered *in, const struct tcp_event *e,
		   struct conn_history **ret) MUST_CHECK;
/* Something more; t may be NULL. */
int gather_history_event(struct gathered *in, const struct tcp_event *e, struct conn_history *t,
			 enum history_event_kind kind, uint8_t detail, uint32_t value) MUST_CHECK;

/* Events. */
int gather_retransmit(struct gathered *in, const struct tcp_event *e) MUST_CHECK;
int gather_synack(struct gathered *in, const struct tcp_event *e) MUST_CHECK;
int gather_reset(struct gathered *in, const struct tcp_event *e) MUST_CHECK;
int gather_state(struct gathered *in, const struct tcp_event *e) MUST_CHECK;
int gather_congestion(struct gathered *in, const struct tcp_event *e) MUST_CHECK;
int gather_error(struct gathered *in, const struct tcp_event *e) MUST_CHECK;
int gather_bad_csum(struct gathered *in, const struct tcp_event *e) MUST_CHECK;
/* What sock_diag says. */
int gather_dumped(struct gathered *in, const struct tcp_event *e) MUST_CHECK;
int gather_final(struct gathered *in, const struct tcp_event *e) MUST_CHECK;
int gather_listener(struct gathered *in, const struct tcp_event *e) MUST_CHECK;
/* A connection came in, or may have: its listener is of interest. */
int gather_served(struct gathered *in, const struct tcp_event *e) MUST_CHECK;
/* A whole connection. */
int gather_conn(struct gathered *in, const struct tcp_conn *c) MUST_CHECK;

void gather_note_listening(struct gathered *in, uint16_t port);
static inline void gather_span(uint64_t *first_ns, uint64_t *last_ns, uint64_t ts_ns)
{
	if (!*first_ns)
		*first_ns = ts_ns;
	*last_ns = ts_ns;
}
