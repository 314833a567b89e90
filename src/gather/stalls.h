/* SPDX-License-Identifier: MIT */
/*
 * stalls: which connections have stalled: nothing was acknowledged for STALL_TIMEOUTS timeouts, or
 * until the kernel gave the connection up.
 */
#pragma once

#include "gather/conn-history.h"
#include "tcp/conn.h"

enum stall_kind {
	STALL_NONE,
	STALL_TIMEOUT, /* data was retransmitted again and again */
	STALL_WINDOW,  /* the peer's window was shut, and the probes for it were not answered */
	STALL_FIN,     /* all data was acknowledged, and only the FIN was not */
};

/* The kind of an established connection's stall; ending is an enum tcp_ending, t may be NULL. */
enum stall_kind stall_kind_of(const struct conn_history *t, uint8_t ending);
/* The kernel gave the connection up, because nothing was acknowledged. */
bool stall_is_given_up(const struct conn_history *t, uint8_t ending);
/* It is stalled where it ends or the tape ends, and not only for a while before. */
bool stall_is_for_good(const struct conn_history *t, uint8_t ending);
