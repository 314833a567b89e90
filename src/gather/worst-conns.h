/* SPDX-License-Identifier: MIT */
/*
 * worst-conns: the connections that a report shows one by one: the worst, then the busiest. At most
 * WORST_CONNS_MAX are kept; a connection that is better than all of them is dropped.
 */
#pragma once

#include <stddef.h>

#include "gather/conn-history.h"
#include "tcp/conn-pick.h"

#define WORST_CONNS_MAX 500u

/* The life of a connection, as in struct tcp_conn. */
struct worst_conn_life {
	uint8_t origin; /* enum tcp_origin */
	uint8_t ending; /* enum tcp_ending */
	uint8_t state;	/* TCP state at the end */
	bool is_born;	/* seen_ns is its birth */
	bool has_loss;	/* events were lost while it lived */
	bool was_established;
	int32_t err; /* positive errno; 0: none */
	uint64_t seen_ns, established_ns, end_ns;
};

/* What a connection sent and received. */
struct worst_conn_traffic {
	bool has_bytes;
	uint64_t tx_bytes, rx_bytes; /* data; known if has_bytes */
	uint32_t retrans;	     /* retransmissions of data, by events */
	uint32_t retrans_segs;	    /* segments retransmitted, by the kernel; 0: none, or unknown */
	uint32_t timeouts;	    /* retransmission timeouts of data */
	uint32_t handshake_retrans; /* retransmissions of SYN and SYN-ACK */
	uint32_t probes;	    /* tail loss probes */
	uint32_t resets;	    /* RSTs sent and received */
	uint32_t rtt_us;	    /* smoothed round-trip time; 0: unknown */
};

struct worst_conn {
	uint64_t badness; /* the greater, the worse */
	uint64_t bytes;	  /* data in both directions; of equally bad connections more is worse */
	uint32_t id;	  /* as in struct tcp_conn */
	uint32_t netns;
	uint64_t sk, cookie;
	uint8_t fit; /* enum conn_pick_fit: how well it is what the user asked for */
	struct endpoint local, remote;
	int32_t pid;   /* of the owner; 0: unknown */
	uint8_t basis; /* enum owner_basis */
	char comm[16]; /* of the owner; "": unknown */
	struct worst_conn_life life;
	struct worst_conn_traffic traffic;
	struct conn_history *conn_history; /* NULL: the connection has none */
	/* A detector has found why its data was retransmitted (gather_part.end), so that it is no
	 * stall of its own. */
	bool is_explained;
};

struct worst_conns {
	const struct conn_pick *pick; /* what the user asked for; NULL: all connections */
	struct worst_conn *items; /* a heap with the least bad first, until worst_conns_sort() */
	size_t n;
	uint64_t n_offered;
	bool is_sorted;
};

/* 0 or -ENOMEM. */
int worst_conns_init(struct worst_conns *k) MUST_CHECK;
/* Gives the histories back to conn_histories. */
void worst_conns_done(struct worst_conns *k, struct conn_histories *conn_histories);
/* True if a is less what the user asked for than b, or is better. Of equally bad connections the
 * less busy one is better, then the later one. */
bool worst_conn_is_better(const struct worst_conn *a, const struct worst_conn *b);
/* What worst_conn_is_better() compares, of a connection with its history, which may be NULL. */
struct worst_conn worst_conn_rank(const struct worst_conns *k, const struct tcp_conn *c,
				  const struct conn_history *history);
/* Offers a connection with its history, which may be NULL. The history of a connection that is
 * dropped is given back to conn_histories. Must not be called after worst_conns_sort(). */
void worst_conns_offer(struct worst_conns *k, const struct tcp_conn *c,
		       struct conn_history *take_history, struct conn_histories *conn_histories);
/* Sorts the connections, the worst first. */
void worst_conns_sort(struct worst_conns *k);
