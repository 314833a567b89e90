/* SPDX-License-Identifier: MIT */
/*
 * listeners: which process listens at which endpoint, so that a connection that a listener accepted
 * has an owner until a better one is known.
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
/* c listens at its local endpoint from now on; or does not any more. 0 or -ENOMEM. */
int listeners_add(struct listeners *l, struct tcp_conn *c) MUST_CHECK;
void listeners_remove(struct listeners *l, struct tcp_conn *c);
/* The process that listens at local, or at its port and any address. NULL: it is not known, or
 * there are several processes. Where the address is not known, listeners at any address are looked
 * for. */
const struct owner *listeners_owner(const struct listeners *l, const struct endpoint *local);
