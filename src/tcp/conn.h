/* SPDX-License-Identifier: MIT */
/*
 * conn: one TCP socket from its birth to its end, as far as the tape shows it: a connection, an
 * attempt to connect, or a listener. The tracker (track/tracker.h) creates and completes a struct
 * tcp_conn; views read it. The kernel reuses the addresses of sockets: every birth at the same
 * address (socket id) gets a new struct tcp_conn.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tcp/address.h"
#include "tcp/subflow.h"

/* The evidence for a socket's owner, weakest first. Later evidence that is at least as strong
 * replaces earlier one, because sockets are passed on: the process that reads, writes or closes a
 * socket has it later than the process that connected it. */
enum owner_basis {
	OWNER_NONE,
	OWNER_LISTENER, /* the owner of the listener that accepted the connection */
	OWNER_TABLE,	/* a process that held the socket at the start or at the end, by /proc */
	OWNER_CONNECT,	/* the process that called connect(), or listen() for a listener */
	OWNER_CLOSE,	/* the process that closed the socket */
	OWNER_IO,	/* a process that sent or received on the socket */
};

struct owner {
	int32_t pid;
	uint32_t basis : 8;   /* enum owner_basis */
	uint32_t cgroup : 24; /* number of its control group (track/task-cgroups.h); 0: unknown */
	const char *comm;     /* NULL: unknown */
};

/* How it is known which control group a process was in when it was seen to own a socket. */
enum cgroup_basis {
	CGROUP_BY_PARENT, /* its parent was there when it began; the process may have been moved */
	CGROUP_BY_START,  /* it was there when the recording began */
	CGROUP_BY_EVENT,  /* the kernel said it with an event of the process */
};
/* "parent", "start", "event". */
const char *cgroup_basis_name(enum cgroup_basis b);

struct owner_cgroup {
	const char *path; /* "/system.slice/docker-4f9d....scope" */
	enum cgroup_basis by;
	/* What the path says (tcp/container.h), each text once: equal ones are the same pointer.
	 * NULL: it does not say that. */
	const char *container, *pod, *unit;
	/* Under which name processes are grouped: the container's or else the unit's. NULL: under
	 * none, as where only the parent's control group is known. */
	const char *label;
};

/* "connect", "listener", ...; NULL for OWNER_NONE. */
const char *owner_basis_name(enum owner_basis b);

/* How the connection first appears on the tape. */
enum tcp_origin {
	TCP_ORIGIN_SEEN,      /* by an event in the middle of its life, after its birth */
	TCP_ORIGIN_TABLE,     /* by its row in a socket table */
	TCP_ORIGIN_CONNECT,   /* by CLOSE to SYN_SENT: a process of this host connects */
	TCP_ORIGIN_ACCEPT,    /* by LISTEN to SYN_RECV: a peer connects */
	TCP_ORIGIN_LISTEN,    /* by CLOSE to LISTEN, or by the table row of a listener */
	TCP_ORIGIN_HALF_OPEN, /* by retransmitted SYN-ACKs alone: the handshake was not completed */
};
const char *tcp_origin_name(enum tcp_origin o); /* "before", "before", "connect", "accept", ... */

/* Whose FIN came first: tcp_conn.first_fin. */
enum tcp_first_fin { TCP_FIN_NONE, TCP_FIN_OURS, TCP_FIN_THEIRS, TCP_FIN_BOTH };

enum tcp_ending {
	TCP_ENDING_OPEN,	 /* still open where the tape (or --until) ends */
	TCP_ENDING_LOCAL_FIN,	 /* this host sent the first FIN */
	TCP_ENDING_REMOTE_FIN,	 /* the peer sent the first FIN */
	TCP_ENDING_BOTH_FIN,	 /* both sent a FIN at the same time (CLOSING) */
	TCP_ENDING_LOCAL_RESET,	 /* this host sent a RST */
	TCP_ENDING_REMOTE_RESET, /* the peer sent a RST; an attempt was refused */
	TCP_ENDING_TIMEOUT,	 /* the kernel gave up (ETIMEDOUT) */
	TCP_ENDING_ERROR,	 /* another error, see tcp_conn_cold.err */
	TCP_ENDING_DESTROYED,	 /* somebody destroyed the socket: ss -K (ECONNABORTED) */
	TCP_ENDING_ABORTED,	 /* to CLOSE without FIN, RST or error: its process gave it up */
	TCP_ENDING_UNSEEN,	 /* gone, but the event of its end is not on the tape */
};
const char *tcp_ending_name(enum tcp_ending e); /* "open", "local-fin", "remote-reset", ... */

/*
 * How far the tracker has followed a connection; track/tracker.h has the diagram. The values are
 * ordered so that tcp_conn_is_closed() and tcp_conn_is_gone() are one comparison each.
 */
enum conn_phase {
	CONN_ALIVE,	/* its end was not seen */
	CONN_MUTE,	/* alive, and will not be emitted: the main socket of an MPTCP connection */
	CONN_EMITTED,	/* closed and emitted, but its socket has not been destroyed yet */
	CONN_CLOSED,	/* CLOSE was seen; it is in the queue of ended connections */
	CONN_DESTROYED, /* tcp_destroy_sock was seen; in the queue until the final tcp_info comes */
	CONN_COMPLETE,	/* nothing more will be learned of it; in the queue */
	CONN_UNMATCHED, /* nothing but its final tcp_info was seen */
};

/* The newest tcp_info of the connection that is on the tape. */
struct tcp_conn_info {
	uint64_t tx_bytes, rx_bytes; /* data only: SYN and FIN are not counted */
	uint32_t rtt_us, min_rtt_us, rto_us, total_retrans;
	uint32_t base_retrans; /* of total_retrans, before the recording */
	bool has_bytes : 1, has_rtt : 1, has_min_rtt : 1, has_rto : 1, has_total_retrans : 1;
	bool has_unacked : 1;
	bool is_cleared : 1;	/* the kernel cleared the last figures (tcp/conn-data.h) */
	bool is_far : 1;	/* tx_bytes and rx_bytes are those of the other end, turned round */
	uint64_t unacked_bytes; /* data written that the peer had not acknowledged */
};

/* The RST that cut a connection. */
struct tcp_conn_reset {
	uint64_t ts_ns;
	const char *reason; /* the kernel's word for it; NULL: none, or the RST was received */
	uint8_t kind;	    /* enum reset_kind (tcp/reset-kind.h), as far as its event tells */
	uint8_t state;	    /* TCP state before it; 0: unknown */
	bool is_sent;
	/* A RST that seemed to be received just before was this one: see tcp_event_undoes(). */
	bool undoes_received;
};

/* A reference to a connection, which may have gone since: then its place has another id. */
struct conn_ref {
	uint32_t number; /* of its place (track/conn-store.h); 0: none */
	uint32_t id;
};

/* What is known of an attempt to connect that failed, had a rival, or is older than the tape; and
 * of a subflow or main socket of MPTCP. */
struct tcp_conn_attempt {
	uint32_t n_syns_before; /* SYNs retransmitted before the recording; not in n_syns */
	uint16_t n_resets_sent; /* in SYN_SENT; part of tcp_conn_cold.n_resets_sent */
	uint8_t closer;		/* enum tcp_closer: who ended it */
	/* When an ICMP error came that did not end it, but that its process can see: while a call
	 * held the socket, the kernel only notes the error (tcp_v4_err). 0: none seen. */
	uint64_t icmp_ns;
	/* When and to where its process connected instead (track/rivals.h). 0: it did not. */
	uint64_t rival_ns;
	struct ip_addr rival;
	/* The token by which this host knows the MPTCP connection of the subflow (ss -M shows it).
	 * 0: unknown, or it is no subflow. */
	uint32_t mptcp_token;
	uint32_t mptcp_first; /* of a main socket: tcp_conn.id of its first subflow; 0: unknown */
	/* Private to the tracker: */
	struct conn_ref rival_before, rival_after; /* see track/rivals.h */
};

/* The cold part of a connection: fields that are zero in most connections. */
struct tcp_conn_cold {
	uint32_t n_timeouts; /* retransmissions of cause rto or syn; part of n_retrans */
	uint32_t n_syns;     /* retransmitted SYNs; part of n_retrans */
	uint32_t n_synacks;  /* retransmitted SYN-ACKs; part of n_retrans */
	uint32_t n_probes;   /* tail loss probes; not in n_retrans */
	uint32_t n_failed;   /* retransmissions that failed and sent nothing; not in n_retrans */
	uint16_t n_resets_sent, n_resets_received;
	struct tcp_conn_reset reset; /* the first RST; all zero: there was none */
	int32_t err;		     /* positive errno that the kernel reported; 0: none seen */
	/* Private to the tracker: */
	uint32_t last_rto_us;	  /* length of the last timeout that was measured; 0: none */
	uint64_t last_timeout_ns; /* when the timeout that runs now began; 0: not known */
	struct owner *opener;	  /* the process that opened it; NULL: its owner did */
	struct tcp_conn_attempt *attempt; /* read with tcp_conn_attempt() */
};

/* One connection. A tape may have a million of them, so fields that few connections use are in
 * struct tcp_conn_info and struct tcp_conn_cold. */
struct tcp_conn {
	uint32_t id;		       /* 1, 2, ... in the order of their appearance on the tape */
	uint32_t netns;		       /* inode of the network namespace; 0: unknown */
	uint64_t sk;		       /* socket id; 0: only a socket table has shown the socket */
	uint64_t cookie;	       /* 0: unknown */
	struct endpoint local, remote; /* parts may be unknown: family 0, port 0 */
	uint64_t seen_ns;	       /* time of its first event or table row */
	uint64_t established_ns;       /* 0: never established, or the change was not seen */
	union {
		uint64_t state_ns; /* time of the last change of state; 0: unknown */
		uint64_t gone_ns;  /* if tcp_conn_is_gone(): time of its destruction */
	};
	union {
		uint64_t end_ns; /* time of CLOSE; while open, the end of the tape or --until */
		uint64_t fin_wait2_ns; /* until then: time of entering FIN_WAIT2; 0: not seen */
	};
	uint64_t io_tx, io_rx; /* bytes of recorded calls; has_base: and of those before them */
	struct owner owner;    /* by the best evidence so far, see enum owner_basis */
	struct tcp_conn_info *tcp_info; /* NULL: none known; read with tcp_conn_info() */
	struct tcp_conn_cold *cold;	/* NULL: all zero; read with tcp_conn_cold() */
	uint32_t n_retrans; /* as `retrans` shows them: no tail loss probes, no failed attempts */
	uint8_t family;	    /* 4, 6; 0: unknown */
	uint8_t state;	    /* TCP state now, or where the tape ends; 0: unknown */
	uint8_t last_state; /* TCP state before CLOSE; 0: unknown */
	uint8_t origin;	    /* enum tcp_origin */
	uint8_t ending;	    /* enum tcp_ending */
	bool is_born : 1;   /* its birth is on the tape, at seen_ns */
	bool was_established : 1; /* at some time; seen, or concluded from a later state */
	bool has_io : 1;	  /* io_tx and io_rx count: the tracepoints of calls are recorded */
	bool has_base : 1;	 /* io_tx and io_rx started from a table row's counts, not from 0 */
	bool knows_retrans : 1;	 /* n_retrans counts: tcp_retransmit_skb is recorded */
	bool has_final : 1;	 /* tcp_info is the final one, not an earlier one */
	bool has_loss : 1;	 /* events were lost while it lived: its counts are lower bounds */
	bool is_unasked : 1;	 /* its final tcp_info was not asked for, with others' */
	bool was_connecting : 1; /* was in SYN_SENT when the tape first shows it */
	/* Private to the tracker: */
	bool has_ca : 1;	     /* ca is known */
	bool has_resent_in_loss : 1; /* retransmitted since the last change of ca */
	bool is_listening : 1;	     /* counted among the listeners (track/listeners.h) */
	bool has_local_addr : 1;     /* local.addr is known, and may be 0.0.0.0 */
	bool in_tuples : 1;	     /* can be found by its endpoints (track/conns.h) */
	bool has_guessed_closer : 1; /* tcp_conn_attempt.closer is not from a call chain */
	bool is_client : 1;	     /* active open: bytes_acked includes its SYN */
	bool knows_fin : 1;	     /* has_fin is known: CLOSE had a call chain that tells */
	bool has_fin : 1;	     /* the peer's FIN caused CLOSE */
	bool is_early_time_wait : 1; /* may have become TIME_WAIT before the peer's FIN came */
	bool is_unaccepted : 1;	     /* its listener was closed before a process accepted it */
	bool is_in_end_dump : 1;     /* in the table at the end, whatever its phase was then */
	uint8_t first_fin : 2;	     /* enum tcp_first_fin */
	uint8_t phase;		     /* enum conn_phase */
	uint8_t ca;		     /* congestion state, enum tcp_ca */
	uint8_t opener_basis : 6;    /* enum owner_basis, see tcp_conn_opener() */
	uint8_t subflow : 2;	     /* enum tcp_subflow */
	uint8_t place;		     /* index in its block (track/conn-store.h) */
	/* Numbers of places in track/conn-store.h; 0: none. */
	uint32_t next;	     /* the next free place, or the next connection in the queue */
	uint32_t same_tuple; /* the next connection whose endpoints have the same hash */
};

/* These never return NULL: the struct is all zero where nothing is known. */
const struct tcp_conn_info *tcp_conn_info(const struct tcp_conn *c);
const struct tcp_conn_cold *tcp_conn_cold(const struct tcp_conn *c);
const struct tcp_conn_attempt *tcp_conn_attempt(const struct tcp_conn *c);
/* The process that connected or listened. Its basis is OWNER_NONE where that is not known, as for
 * every accepted connection. */
struct owner tcp_conn_opener(const struct tcp_conn *c);

/* The connection is over: its CLOSE was seen, or something that implies it. */
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

/* The time of its birth. 0: it was born before the recording began, or unseen. */
static inline uint64_t tcp_conn_born_ns(const struct tcp_conn *c)
{
	return c->is_born ? c->seen_ns : 0;
}

/* This host tries to connect, or has connected: since before the recording began, if its birth is
 * not on the tape. A process has called connect(), unless tcp_conn_is_join(). */
static inline bool tcp_conn_is_attempt(const struct tcp_conn *c)
{
	return c->origin == TCP_ORIGIN_CONNECT || c->was_connecting;
}

/* A further subflow of an MPTCP connection: the kernels at its ends made it, and no process called
 * connect() or accept() for it. */
static inline bool tcp_conn_is_join(const struct tcp_conn *c)
{
	return c->subflow == TCP_SUBFLOW_JOIN;
}

/* The main socket of an MPTCP connection, before the tape ends: the tracker emits none. */
static inline bool tcp_conn_is_mptcp_main(const struct tcp_conn *c)
{
	return c->phase == CONN_MUTE;
}

static inline bool tcp_conn_is_listener(const struct tcp_conn *c)
{
	return c->origin == TCP_ORIGIN_LISTEN;
}

/* How the bytes of data in both directions are known. */
enum tcp_bytes_by {
	TCP_BYTES_UNKNOWN,
	TCP_BYTES_TCP_INFO, /* the kernel's own figures */
	TCP_BYTES_IO,	    /* send and receive calls: the tape has all, and no event was lost */
	TCP_BYTES_PEER,	    /* the kernel's figures of the other end, which is on this host, too */
};
enum tcp_bytes_by tcp_conn_bytes(const struct tcp_conn *c, uint64_t *ret_tx, uint64_t *ret_rx);
/* The segments that the kernel says it retransmitted while recorded: SYNs, SYN-ACKs, FINs and tail
 * loss probes, too. One event may stand for many (segmentation offload). False: not known. */
bool tcp_conn_retrans_segs(const struct tcp_conn *c, uint32_t *ret);
const char *tcp_bytes_by_name(enum tcp_bytes_by b); /* "tcp_info", "io"...; NULL for UNKNOWN */
/* The time from birth to end. False: the birth is not on the tape, and *ret_ns, which counts from
 * seen_ns, is a lower bound. To be called only once end_ns is set. */
bool tcp_conn_duration(const struct tcp_conn *c, uint64_t *ret_ns);
