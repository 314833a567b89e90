/* SPDX-License-Identifier: MIT */
/*
 * owners: whose socket it is. An event tells only where it happened in the context of a process
 * that called into the socket; what it says last is what counts, for sockets are handed on.
 */
#pragma once

#include "tcp/conn.h"
#include "tcp/event.h"
#include "tcp/listeners.h"

/* What e says of the owner of its socket c. */
void owners_learn(struct tcp_conn *c, const struct tcp_event *e, const struct listeners *l);
/* A process that was found to hold it, one of so many. comm may be NULL. */
void owners_found(struct tcp_conn *c, int32_t pid, const char *comm, uint32_t holders);
/* Puts the owner into the event. */
void owners_show(struct tcp_event *e, const struct tcp_conn *c);
