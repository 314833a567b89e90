/* SPDX-License-Identifier: MIT */
/*
 * take-up: whether the other end has taken up a connection that this host opened. A kernel whose
 * accept queue is full answers a SYN and then drops what follows, the last ACK of the handshake and
 * data alike: the client is established, and is alone. It resends its data until the queue has
 * room (tcp_v4_syn_recv_sock() of net/ipv4/tcp_ipv4.c, tcp_check_req() of
 * net/ipv4/tcp_minisocks.c).
 *
 * If both ends are on this host, the server's socket shows when a connection was taken up: it is
 * made at that moment. If the server is elsewhere, only what it acknowledged is known.
 */
#pragma once

#include "gather/conn-history.h"
#include "gather/counters.h"
#include "gather/tcp-info-growth.h"
#include "tcp/conn.h"

/* A connection that has not been taken up yet, or only after data was retransmitted. */
struct take_up {
	uint32_t conn_id;
	bool may_be_here; /* a port of this host that listens has the number of the server's port */
	bool is_first;	  /* data was retransmitted soon after the connection was established */
	bool is_over;	  /* something was acknowledged, or the server's socket was made */
	bool is_recovered;	    /* a tail loss probe recovered it */
	bool has_info;		    /* the members below are known */
	uint64_t established_ns;    /* 0: before the tape */
	uint64_t taken_ns;	    /* when the server's socket was made; 0: it was not seen */
	uint64_t first_ns, last_ns; /* of the retransmissions until then */
	uint64_t waited_ns;	    /* in timeouts until then */
	uint32_t n_timeouts, n_probes, n_synacks;	  /* retransmissions until then */
	uint64_t acked_bytes, received_bytes, sent_bytes; /* sent_bytes: without repeats */
	struct tcp_info_growth growth;
};

/* True if data was retransmitted before the connection was taken up. SYN-ACKs alone are no sign of
 * a full queue: a listener with TCP_DEFER_ACCEPT retransmits them to a client that says nothing. */
static inline bool take_up_has_signs(const struct take_up *u)
{
	return u->n_timeouts || u->n_probes;
}

/* Whether a connection was taken up, when it has ended. */
enum take_up_fate {
	TAKE_UP_AT_ONCE, /* what was retransmitted, if anything, was retransmitted later */
	TAKE_UP_LATE,	 /* only after its first data was retransmitted */
	TAKE_UP_NEVER,	 /* nothing was ever acknowledged on it */
};
enum take_up_fate take_up_fate(const struct take_up *u);

/* What the connection has added to counters until it was taken up, by the retransmissions in u. The
 * kernel's figures are of its
 * whole life; the share of the time before is taken to be that of the events. t may be
 * NULL. */
struct counters take_up_counters(const struct take_up *u, const struct tcp_conn *c,
				 const struct conn_history *t);
/* Retransmissions of the connection's data, by events; no tail loss probes. */
uint32_t take_up_data_retrans(const struct tcp_conn *c);
