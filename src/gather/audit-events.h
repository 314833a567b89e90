/* SPDX-License-Identifier: MIT */
/*
 * audit-events: counts of events that the kernel has counters for, too. They are of the whole tape,
 * whatever the window and the filter are, so that they can be compared with those counters.
 */
#pragma once

#include "tcp/event.h"

/* Ways to close a connection by a RST for which the kernel has both a counter and a reason. */
enum audit_abort {
	AUDIT_ABORT_CLOSE,
	AUDIT_ABORT_LINGER,
	AUDIT_ABORT_MEMORY,
	AUDIT_ABORT_DATA,
	AUDIT_ABORTS
};

struct audit_events {
	uint64_t retrans; /* segments sent again, SYNs and probes too; an event may be several */
	uint64_t failed;  /* attempts at it that failed before the kernel counted them */
	uint64_t syns;	  /* of `retrans`: in SYN_SENT or SYN_RECV */
	uint64_t synacks;
	uint64_t timeouts; /* of `retrans`: after a retransmission timeout, by the call chain */
	uint64_t probes;   /* of `retrans`: tail loss probes, by the call chain */
	uint64_t unclear;  /* of `retrans`: without a call chain that tells the cause */
	uint64_t resets;   /* sent */
	uint64_t resets_with_reason;
	uint64_t aborts[AUDIT_ABORTS]; /* of these */
	uint64_t active, passive;      /* CLOSE to SYN_SENT, LISTEN to SYN_RECV */
	uint64_t estab_resets;	       /* ESTABLISHED or CLOSE_WAIT to CLOSE */
	uint64_t attempt_fails;	       /* SYN_SENT or SYN_RECV to CLOSE */
	uint64_t timed_out;	       /* errors ETIMEDOUT that were reported to a socket */
};

void audit_events_take(struct audit_events *a, const struct tcp_event *e);
