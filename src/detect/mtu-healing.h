/* SPDX-License-Identifier: MIT */
/*
 * mtu-healing: connections whose segments of full size were lost again and again, until the kernel
 * tried smaller ones (net.ipv4.tcp_mtu_probing, RFC 4821; tcp_mtu_probing() of
 * net/ipv4/tcp_timer.c). The path swallows large packets, and no ICMP message says so.
 */
#pragma once

#include "base/cleanup.h"
#include "gather/gathered.h"

/* Connections that are kept; what others lost counts as any other loss. */
#define MTU_HEALING_MAX 64u

struct mtu_healed {
	struct conn_subject subject; /* its comm is the next member */
	char comm[16];
	uint32_t netns;
	bool is_seen;	      /* MTU_SEEN */
	struct counters sums; /* what it retransmitted */
};

struct mtu_healing {
	struct mtu_healed items[MTU_HEALING_MAX];
	size_t n;
};

/* How it is known that the connection has sent smaller segments since a stall. */
enum mtu_basis {
	MTU_NOT_HEALED,
	/* Its segments are smaller than the path MTU allows, and in its network namespace path MTU
	 * probes were counted, which nobody sends before such a stall. */
	MTU_COUNTED,
	/* Rows of the tape show that they became smaller, while the kernel believed in the same
	 * path MTU: only probing does that. */
	MTU_SEEN,
};

/* netns is that of the connection; t may be NULL. */
enum mtu_basis mtu_healed_by(const struct gathered *in, uint32_t netns,
			     const struct conn_history *t);
/* Notes a connection that may be healed. */
void mtu_healing_note(struct mtu_healing *m, const struct gathered *in, const struct tcp_conn *c,
		      const struct conn_history *t);
/* What they retransmitted is no loss of another kind. 0 or -ENOMEM. */
int mtu_healing_explain(const struct mtu_healing *m, struct gathered *in) MUST_CHECK;
