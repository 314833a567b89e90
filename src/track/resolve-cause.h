/* SPDX-License-Identifier: MIT */
/*
 * resolve-cause: decides the cause of a retransmission, from its call chain and the congestion
 * state of its socket, or from the states alone where there is no chain or none that tells.
 */
#pragma once

#include "tcp/conn.h"
#include "tcp/event.h"

/* Sets cause, trigger and cause_by of e if e is a retransmission. c is the connection of its
 * socket, or NULL. */
void resolve_cause(struct tcp_event *e, struct tcp_conn *c);
