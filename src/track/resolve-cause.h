/* SPDX-License-Identifier: MIT */
/*
 * resolve-cause: the cause of a retransmission, from its call chain and the congestion state of its
 * socket; without a chain, from the states alone.
 */
#pragma once

#include "tcp/conn.h"
#include "tcp/event.h"

/* Sets cause, trigger and cause_by of e. c may be NULL: the socket is not followed. Does nothing to
 * events of other kinds. */
void resolve_cause(struct tcp_event *e, struct tcp_conn *c);
