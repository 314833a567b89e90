/* SPDX-License-Identifier: MIT */
/*
 * listeners: which process listens at which endpoint. An accepted connection has the listener's
 * owner until better evidence comes.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "tcp/conn.h"

/* {0} is a valid empty set of listeners. */
struct listeners {
	struct arena arena;
	struct map by_endpoint; /* hash of an endpoint to struct listener * */
};

void listeners_done(struct listeners *l);
/* Adds or removes c as a listener at its local endpoint, which must not change in between. Adding
 * does nothing without a local address and port. 0 or -ENOMEM. */
int listeners_add(struct listeners *s, struct tcp_conn *c) MUST_CHECK;
void listeners_remove(struct listeners *s, struct tcp_conn *c);
/* The process that listens at local, or else at its port and the address 0.0.0.0 or ::. NULL: it is
 * not known, or several processes listen there. local.addr may be unknown. */
const struct owner *listeners_owner(const struct listeners *s, const struct endpoint *local);
