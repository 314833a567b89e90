/* SPDX-License-Identifier: MIT */
/*
 * owners: which process owns a socket. An event tells it only where it happened in the context of a
 * process that called into the socket. The latest evidence counts, because sockets are handed on.
 */
#pragma once

#include "track/conns.h"
#include "tcp/event.h"
#include "track/listeners.h"

/* Learns from e, an event of c's socket, who owns c. 0 or -ENOMEM. */
int owners_learn(struct conns *s, struct tcp_conn *c, const struct tcp_event *e,
		 const struct listeners *l) MUST_CHECK;
/* A process that has the socket open by /proc, one of `holders` processes. comm may be NULL. 0 or
 * -ENOMEM. */
int owners_found(struct conns *s, struct tcp_conn *c, int32_t pid, const char *comm,
		 uint32_t holders) MUST_CHECK;
/* Puts the owner into the event. */
void owners_show(struct tcp_event *e, const struct tcp_conn *c);
