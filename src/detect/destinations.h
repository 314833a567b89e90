/* SPDX-License-Identifier: MIT */
/*
 * destinations: how the connections of this host to each address and port were taken up.
 */
#pragma once

#include "base/groups.h"
#include "detect/take-up.h"

/* The connections of this host to one destination. */
struct destination {
	struct endpoint at; /* the key: as clients address it */
	bool is_here;	    /* the server's sockets are on this tape, too */
	uint32_t netns;	    /* of the server's sockets; 0: unknown */
	uint64_t never;	    /* connections that were never taken up, though data was resent */
	uint64_t stalled_open, stalled_dead; /* stalls: at the end of the tape, given up */
	uint64_t syn_again;  /* connections, and attempts at one, that repeated their SYN */
	uint64_t with_syns;  /* of `never` and `late`, those that had repeated their SYN, too */
	uint64_t never_big;  /* those of which the first segment may have been large */
	uint64_t late;	     /* connections that were taken up after data was retransmitted */
	uint64_t early;	     /* retransmissions, probes too, before the connection was taken up */
	uint64_t later;	     /* retransmissions of data after that */
	uint64_t synacks;    /* SYN-ACKs retransmitted to clients of this host until then */
	uint64_t longest_ns; /* the longest time until a connection was taken up, or given up */
	uint64_t first_ns, last_ns; /* of the early retransmissions; 0: none */
	uint64_t good_ns;	    /* when the last connection that worked was established */
	struct counters *sums;	    /* what `never` and `late` add to counters; NULL: nothing */
};

struct destinations {
	struct groups by_endpoint;
	struct arena arena;
	struct map stalls; /* numbers of connections that stalled before they were taken up */
};

void destinations_init(struct destinations *s);
void destinations_done(struct destinations *s);
/* The destination; NULL: nothing is known of it. */
struct destination *destinations_find(const struct destinations *s, const struct endpoint *at);
/* A socket of the server at this endpoint is on the tape, in this network namespace if that is
 * known. 0 or -ENOMEM. */
int destinations_note_here(struct destinations *s, const struct endpoint *server,
			   uint32_t netns) MUST_CHECK;
/* Counts a connection to a destination, when it has ended or at the end of the tape. u and history
 * may be NULL. 0 or -ENOMEM. */
int destinations_add(struct destinations *s, const struct take_up *u, const struct tcp_conn *c,
		     const struct conn_history *history) MUST_CHECK;
