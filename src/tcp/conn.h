/* SPDX-License-Identifier: MIT */
/*
 * conn: what a tape tells of one TCP socket from its birth to its end: a connection, an attempt at
 * one, or a listener. The tracker (track/tracker.h) makes and completes it; views read it. A
 * connection is (socket id, birth): addresses of kernel sockets are used again, and every birth
 * makes a new struct tcp_conn.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tcp/address.h"

/* How an owner is known, the weakest first: evidence counts that is later and at least as strong.
 * Sockets are handed on: a process that closes one, or reads and writes, has it later than the one
 * that connected it. */
enum owner_basis {
	OWNER_NONE,
	OWNER_LISTENER, /* the process that made the listener which accepted the connection */
	OWNER_TABLE,	/* by /proc: the process had the socket open at the start or at the end */
	OWNER_CONNECT,	/* the process called connect(); for a listener: listen() */
	OWNER_CLOSE,	/* the process closed the socket */
	OWNER_IO,	/* the process reads or writes */
};

struct owner {
	int32_t pid;
	uint8_t basis;	  /* enum owner_basis */
	const char *comm; /* NULL: unknown */
};
/* "connect", "listener", ...; NULL for OWNER_NONE. */
const char *owner_basis_name(enum owner_basis b);

/* How the tape first met the connection. */
enum tcp_origin {
	TCP_ORIGIN_SEEN,      /* in the middle of its life; its birth is not on the tape */
	TCP_ORIGIN_TABLE,     /* in the socket table at the start */
	TCP_ORIGIN_CONNECT,   /* CLOSE to SYN_SENT: this host's process connects */
	TCP_ORIGIN_ACCEPT,    /* LISTEN to SYN_RECV: a peer connected */
	TCP_ORIGIN_LISTEN,    /* CLOSE to LISTEN; also a listener of the table */
	TCP_ORIGIN_HALF_OPEN, /* only repeated SYN-ACKs were seen: the peer never completed it */
};
const char *tcp_origin_name(enum tcp_origin o); /* "before", "before", "connect", "accept", ... */

enum tcp_ending {
	TCP_ENDING_OPEN,	 /* still there where the tape (or --until) ends */
	TCP_ENDING_LOCAL_FIN,	 /* this host closed first */
	TCP_ENDING_REMOTE_FIN,	 /* the peer did */
	TCP_ENDING_BOTH_FIN,	 /* both at the same time (CLOSING) */
	TCP_ENDING_LOCAL_RESET,	 /* this host sent a RST */
	TCP_ENDING_REMOTE_RESET, /* the peer did; before it was established: refused */
	TCP_ENDING_TIMEOUT,	 /* the kernel gave up (ETIMEDOUT) */
	TCP_ENDING_ERROR,	 /* another error, see err */
	TCP_ENDING_ABORTED,	 /* its process left: CLOSE without FIN, RST or error */
	TCP_ENDING_UNSEEN,	 /* gone, but the event of its end is not on the tape */
};
const char *tcp_ending_name(enum tcp_ending e); /* "open", "local-fin", "remote-reset", ... */

/*
 * How far the tracker has come with a connection; the picture is in track/tracker.h. In an order
 * that makes each of the questions below one comparison.
 */
enum conn_phase {
	CONN_ALIVE,	/* no end was seen */
	CONN_MUTE,	/* alive, and will not be emitted: the main socket of an MPTCP connection */
	CONN_EMITTED,	/* closed and emitted, but its socket has not been destroyed yet */
	CONN_CLOSED,	/* CLOSE was seen; in the queue */
	CONN_DESTROYED, /* tcp_destroy_sock was seen; in the queue, for the final tcp_info */
	CONN_COMPLETE,	/* nothing more will be learned of it; in the queue */
	CONN_UNMATCHED, /* nothing but its final tcp_info was seen */
};

/* What tcp_info last said of a connection, as far as it is known. */
struct tcp_conn_info {
	uint64_t tx_bytes, rx_bytes; /* data only */
	uint32_t rtt_us, min_rtt_us, rto_us, total_retrans;
	bool has_bytes, has_rtt, has_min_rtt, has_rto, has_total_retrans;
};

/* The part of a connection that most connections do not have. */
struct tcp_conn_cold {
	uint32_t n_timeouts; /* of n_retrans, by cause rto or syn */
	uint32_t n_syns;     /* of n_retrans: SYNs */
	uint32_t n_synacks;  /* of n_retrans: SYN-ACKs, before it was established */
	uint32_t n_probes;   /* tail loss probes */
	uint32_t n_failed;   /* attempts that sent nothing */
	uint16_t n_resets_sent, n_resets_received;
	int32_t err; /* positive errno that the kernel reported; 0: none seen */
	/* For the tracker: */
	uint32_t last_rto_us;
	uint64_t last_timeout_ns; /* 0: the next timeout does not count from one before */
	struct owner *opener;	  /* NULL: it is the owner */
};

/* There may be a million of them: what few have, or only near their end, is in structs of its
 * own. */
struct tcp_conn {
	uint32_t id;		       /* 1, 2, ... in the order in which the tape met them */
	uint32_t netns;		       /* inode of the network namespace; 0: unknown */
	uint64_t sk;		       /* 0: only a socket table told of it */
	uint64_t cookie;	       /* 0: unknown */
	struct endpoint local, remote; /* parts may be unknown: family 0, port 0 */
	uint64_t seen_ns;	       /* first event or table row */
	uint64_t established_ns;       /* 0: not, or not seen */
	union {
		uint64_t state_ns; /* when its state began; 0: unknown */
		uint64_t gone_ns;  /* tcp_conn_is_gone(): when */
	};
	union {
		uint64_t end_ns;       /* its CLOSE; of an open one the end of what is shown */
		uint64_t fin_wait2_ns; /* before that: entered FIN_WAIT2; 0: not seen */
	};
	uint64_t io_tx, io_rx; /* bytes of calls on the tape; has_base: and of those before */
	struct owner owner;    /* by the latest evidence */
	struct tcp_conn_info *tcp_info; /* NULL: none is known; see tcp_conn_info() */
	struct tcp_conn_cold *cold;	/* NULL: all zero; see tcp_conn_cold() */
	uint32_t n_retrans; /* as `retrans` shows them: no tail loss probes, no failed attempts */
	uint8_t family;	    /* 4, 6; 0: unknown */
	uint8_t state;	    /* TCP state now, or at the end; CLOSE once closed; 0: unknown */
	uint8_t last_state; /* the one before CLOSE; 0: unknown */
	uint8_t origin;	    /* enum tcp_origin */
	uint8_t ending;	    /* enum tcp_ending */
	bool is_born : 1;   /* its birth is on the tape, at seen_ns */
	bool was_established : 1; /* at some time; perhaps concluded from a later state */
	bool has_io : 1;	  /* the calls are recorded (sock_send_length, sock_recv_length) */
	bool has_base : 1;	/* io_tx and io_rx began with the bytes of the first socket table */
	bool knows_retrans : 1; /* tcp_retransmit_skb is recorded */
	bool has_final : 1;	/* tcp_info is the final one, not an earlier one */
	bool has_loss : 1;	/* events were lost while it lived: its counts are lower bounds */
	/* For the tracker: */
	bool has_ca : 1;
	bool has_resent_in_loss : 1; /* retransmitted since the last entry into Loss */
	bool is_listening : 1;	     /* counted among the listeners */
	bool has_local_addr : 1;     /* local.addr is known; it may be 0.0.0.0 */
	bool in_tuples : 1;
	bool is_client : 1;	     /* active open: its SYN is counted in bytes_acked */
	bool knows_fin : 1;	     /* has_fin is known, by the call chain of CLOSE */
	bool has_fin : 1;	     /* the peer's FIN had come before CLOSE */
	bool is_early_time_wait : 1; /* it may have become TIME_WAIT before the peer had closed */
	bool is_in_end_dump : 1;     /* in the table at the end, whatever its phase was then */
	uint8_t first_fin : 2;	     /* 0 none yet, 1 ours, 2 theirs, 3 both */
	uint8_t phase;		     /* enum conn_phase */
	uint8_t ca;		     /* congestion state */
	uint8_t opener_basis;	     /* enum owner_basis, see tcp_conn_opener */
	uint8_t place;		     /* in its block (track/conn-store.h) */
	/* Numbers of places; 0: none. */
	uint32_t next;	     /* in the list of free places, or in the queue */
	uint32_t same_tuple; /* the next connection whose endpoints have the same hash */
};

/* Never NULL: all zero where the connection has none. */
const struct tcp_conn_info *tcp_conn_info(const struct tcp_conn *c);
const struct tcp_conn_cold *tcp_conn_cold(const struct tcp_conn *c);
/* The process that called connect() or listen(); of basis OWNER_NONE for accepted connections. */
struct owner tcp_conn_opener(const struct tcp_conn *c);

/* CLOSE was seen, or whatever else says that the connection is over. */
static inline bool tcp_conn_is_closed(const struct tcp_conn *c)
{
	return c->phase >= CONN_EMITTED;
}

/* The tracker has emitted the connection, or will never do so. */
static inline bool tcp_conn_is_emitted(const struct tcp_conn *c)
{
	return c->phase == CONN_MUTE || c->phase == CONN_EMITTED;
}

/* The kernel has destroyed the socket. */
static inline bool tcp_conn_is_gone(const struct tcp_conn *c)
{
	return c->phase >= CONN_DESTROYED;
}

/* 0: the connection is older than the recording. */
static inline uint64_t tcp_conn_born_ns(const struct tcp_conn *c)
{
	return c->is_born ? c->seen_ns : 0;
}

static inline bool tcp_conn_is_listener(const struct tcp_conn *c)
{
	return c->origin == TCP_ORIGIN_LISTEN;
}

/* Bytes of data in both directions: by tcp_info, or by calls where the tape has the whole life and
 * lost nothing of it. */
enum tcp_bytes_by { TCP_BYTES_UNKNOWN, TCP_BYTES_TCP_INFO, TCP_BYTES_IO };
enum tcp_bytes_by tcp_conn_bytes(const struct tcp_conn *c, uint64_t *ret_tx, uint64_t *ret_rx);
const char *tcp_bytes_by_name(enum tcp_bytes_by b); /* "tcp_info", "io"; NULL unknown */
/* From birth to end. False: the birth is not on the tape, and *ret_ns, from the first event on, is
 * a lower bound. end_ns must be set. */
bool tcp_conn_duration(const struct tcp_conn *c, uint64_t *ret_ns);
