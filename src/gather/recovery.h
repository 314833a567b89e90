/* SPDX-License-Identifier: MIT */
/*
 * recovery: the time that connections spent on repairing losses: in fast recovery or in the
 * recovery after a retransmission timeout (the states Recovery and Loss of enum tcp_ca_state,
 * include/uapi/linux/tcp.h), and waiting for the timeout that began the latter.
 */
#pragma once

#include "gather/conn-history.h"
#include "gather/gather-part.h"

/* Follows a change of the congestion state. Adds the time of a recovery that has ended to the
 * event's counters, which it finds if they are missing. t may be NULL. 0 or -ENOMEM. */
int recovery_congestion(struct gathered *in, struct gather_event *g,
			struct conn_history *t) MUST_CHECK;
/* Notes a segment that was retransmitted by a timeout. Returns the time that the timeout took and
 * that is in no recovery: on kernels without the tracepoint tcp_cong_state_set each timeout stands
 * for itself. */
uint64_t recovery_timeout(const struct gathered *in, struct conn_history *t,
			  const struct tcp_event *e);
/* The time of the recovery in which the connection is at its end, or at the end of the tape. */
uint64_t recovery_left(const struct conn_history *t, uint64_t end_ns);
