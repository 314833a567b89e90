/* SPDX-License-Identifier: MIT */
/*
 * owners: whose socket it is. An event tells only where it happened in the context of a process
 * that called into the socket; what it says last is what counts, for sockets are handed on.
 */
#pragma once

#include "track/conns.h"
#include "tcp/event.h"
#include "track/listeners.h"

/* What e says of the owner of its socket c. 0 or -ENOMEM. */
int owners_learn(struct conns *s, struct tcp_conn *c, const struct tcp_event *e,
		 const struct listeners *l) MUST_CHECK;
/* A process that was found to hold it, one of so many. comm may be NULL. 0 or -ENOMEM. */
int owners_found(struct conns *s, struct tcp_conn *c, int32_t pid, const char *comm,
		 uint32_t holders) MUST_CHECK;
/* Puts the owner into the event. */
void owners_show(struct tcp_event *e, const struct tcp_conn *c);
