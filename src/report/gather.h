/* SPDX-License-Identifier: MIT */
/*
 * gather: what the files that fill a struct incident share. Private to them. All give 0 or -ENOMEM.
 */
#pragma once

#include "report/incident.h"

/* Is its moment to be looked at, and does its subject pass the filter? */
bool gather_wants(const struct incident *in, const struct tcp_event *e);
struct report_subject gather_subject(const struct incident *in, const struct tcp_event *e);
struct report_subject gather_subject_of_conn(const struct incident *in, const struct tcp_conn *c);

/* What happened to its connection so far, made if need be; *ret NULL: it has none, or there is no
 * room. */
int gather_trouble(struct incident *in, const struct tcp_event *e, struct trouble **ret) MUST_CHECK;
/* Something more; t may be NULL. */
int gather_moment(struct incident *in, const struct tcp_event *e, struct trouble *t,
		  enum moment_kind kind, uint8_t detail, uint32_t value) MUST_CHECK;

/* Events. */
int gather_retransmit(struct incident *in, const struct tcp_event *e) MUST_CHECK;
int gather_synack(struct incident *in, const struct tcp_event *e) MUST_CHECK;
int gather_reset(struct incident *in, const struct tcp_event *e) MUST_CHECK;
int gather_state(struct incident *in, const struct tcp_event *e) MUST_CHECK;
int gather_congestion(struct incident *in, const struct tcp_event *e) MUST_CHECK;
int gather_error(struct incident *in, const struct tcp_event *e) MUST_CHECK;
int gather_bad_csum(struct incident *in, const struct tcp_event *e) MUST_CHECK;
/* What sock_diag says. */
int gather_listed(struct incident *in, const struct tcp_event *e) MUST_CHECK;
int gather_final(struct incident *in, const struct tcp_event *e) MUST_CHECK;
int gather_listener(struct incident *in, const struct tcp_event *e) MUST_CHECK;
/* A connection came in, or may have: its listener is of interest. */
int gather_served(struct incident *in, const struct tcp_event *e) MUST_CHECK;
/* A whole connection. */
int gather_conn(struct incident *in, const struct tcp_conn *c) MUST_CHECK;

void gather_note_listening(struct incident *in, uint16_t port);
static inline void gather_span(uint64_t *first_ns, uint64_t *last_ns, uint64_t ts_ns)
{
	if (!*first_ns)
		*first_ns = ts_ns;
	*last_ns = ts_ns;
}
