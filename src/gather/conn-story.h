/* SPDX-License-Identifier: MIT */
/*
 * conn-story: the connection whose story is told, of those that fit what the user asked for: the
 * worst, and among equally bad ones as in gather/worst-conns.h. Its history, and what else is known
 * of it, are those of the first of the worst connections.
 */
#pragma once

#include "gather/worst-conns.h"

struct conn_story {
	bool is_known;		/* there is a connection that fits */
	struct worst_conn rank; /* only what worst_conn_is_better() compares */
	/* A copy of the connection. Its pointers lead to the other members. */
	struct tcp_conn conn;
	struct tcp_conn_info info;
	struct tcp_conn_cold cold;
	struct tcp_conn_attempt attempt;
	struct owner opener;
};

/* Offers a connection that has ended, or is open at the end of the tape. *s must not move
 * afterwards. */
void conn_story_offer(struct conn_story *s, const struct tcp_conn *c,
		      const struct worst_conn *rank);
