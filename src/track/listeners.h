/* SPDX-License-Identifier: MIT */
/*
 * listeners: who listens where, so that a socket that a listener got has an owner until better is
 * known.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "tcp/conn.h"

/* {0} is a valid empty one. */
struct listeners {
	struct arena arena;
	struct map by_endpoint; /* hash of an endpoint to struct listener * */
};

void listeners_done(struct listeners *l);
/* The socket listens at its local endpoint, from now on; or does not any more. 0 or -ENOMEM. */
int listeners_add(struct listeners *l, struct tcp_conn *c) MUST_CHECK;
void listeners_remove(struct listeners *l, struct tcp_conn *c);
/* Who listens for connections to that endpoint (there, or at any address); NULL: unknown, or
 * several processes. An endpoint of an unknown address is looked for at any address. */
const struct owner *listeners_owner(const struct listeners *l, const struct endpoint *local);
