/* SPDX-License-Identifier: MIT */
/*
 * resolve-cause: the final cause of a retransmission: what its call chain says, refined by the congestion
 * state of its socket; or, without a chain, what the states alone allow to say.
 */
#pragma once

#include "tcp/event.h"
#include "tcp/conn.h"

/* k may be NULL: a socket that is not followed. Does nothing to events of other kinds. */
void resolve_cause(struct tcp_event *e, struct tcp_conn *k);
