/* SPDX-License-Identifier: MIT */
/*
 * rivals: attempts to connect that one process makes to different addresses at the same port, while
 * an earlier one has no answer yet or just after it failed. Programs do so for a name that has
 * several addresses (RFC 8305): the attempt that is established first supersedes the others. Rivals
 * are linked in the order of their SYNs, in the cold parts of their connections.
 */
#pragma once

#include "base/cleanup.h"
#include "track/conns.h"

#define RIVALS_SLOTS 4096u

/* The last attempt of a process to a port. */
struct rivals_slot {
	int32_t pid; /* 0: the slot is free */
	uint16_t port;
	struct conn_ref last;
};

/* A table of fixed size: a process and port that is not in it any more has no rivals. */
struct rivals {
	struct rivals_slot *slots; /* RIVALS_SLOTS of them; NULL: none yet */
};

void rivals_done(struct rivals *s);
/* Process pid begins the attempt c, whose peer is known. 0 or -ENOMEM. */
int rivals_begin(struct rivals *s, struct conns *conns, struct tcp_conn *c, int32_t pid) MUST_CHECK;
/* c has been established at ts_ns: notes it in all of its rivals that have not been. */
void rivals_won(const struct conns *conns, const struct tcp_conn *c, uint64_t ts_ns);
