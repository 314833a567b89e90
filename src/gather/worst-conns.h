/* SPDX-License-Identifier: MIT */
/*
 * worst-conns: the connections that are shown one by one: the worst, and where there are not so many, the
 * busiest. A fixed number of places; who is better off than all of them is forgotten.
 */
#pragma once

#include <stddef.h>

#include "gather/conn-history.h"
#include "tcp/conn.h"

#define WORST_CONNS_MAX 500u

struct worst_conn {
	uint64_t badness; /* the greater, the worse */
	uint64_t bytes;
	uint32_t id;
	uint32_t netns;
	struct endpoint local, remote;
	int32_t pid;
	char comm[16];
	uint8_t owner; /* enum owner_basis */
	uint8_t origin, ending, state, last_state;
	bool is_born, was_established, has_loss, has_bytes;
	uint64_t seen_ns, established_ns, end_ns;
	uint64_t tx_bytes, rx_bytes;
	uint32_t retrans, timeouts, syns, synacks, probes, failed;
	uint32_t resets_sent, resets_received;
	int32_t err;
	uint32_t rtt_us, rto_us;	   /* 0: unknown */
	struct conn_history *conn_history; /* NULL: nothing happened */
};

struct worst_conns {
	struct worst_conn
		*items; /* a heap with the least bad one first; sorted by worst_conns_sort */
	size_t n;
	uint64_t n_offered;
};

int worst_conns_init(struct worst_conns *k) MUST_CHECK;
void worst_conns_done(struct worst_conns *k);
/* Takes the trouble, or gives it back to the troubles. */
void worst_conns_offer(struct worst_conns *k, const struct tcp_conn *c,
		       struct conn_history *take_history, struct conn_histories *conn_histories);
/* The worst first. No more offers then. */
void worst_conns_sort(struct worst_conns *k);
