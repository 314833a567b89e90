/* SPDX-License-Identifier: MIT */
/*
 * recovery: the time that connections spent on repairing losses: in fast recovery or in the
 * recovery after a retransmission timeout (the states Recovery and Loss of enum tcp_ca_state,
 * include/uapi/linux/tcp.h), and waiting for the timeout that began the latter.
 */
#pragma once

#include "gather/conn-history.h"
#include "gather/gather-part.h"

/* Follows a change of the congestion state. */
void recovery_congestion(struct conn_history *t, const struct tcp_event *e);
/* Notes a segment that was retransmitted by a timeout. One that is in no recovery stands for
 * itself, on kernels without the tracepoint tcp_cong_state_set. */
void recovery_timeout(const struct gathered *in, struct conn_history *t, const struct tcp_event *e);
/* The time that a connection has spent on repairs when it ends, or when the tape ends: by events,
 * or by the kernel's sum of its timeouts if that is more, and at most the time in which it had data
 * under way. 0: none, or the kernel has not told how long that was; nor does it count where nothing
 * but the FIN was lost. */
uint64_t recovery_ns(const struct conn_history *t, uint64_t end_ns);
