/* SPDX-License-Identifier: MIT */
/*
 * counters: the counters of a set of connections: of all, of those with one peer, of those of one
 * process, and so on. Events, struct tcp_info and calls of processes measure the same things in
 * different ways, each with gaps; the functions below combine them.
 */
#pragma once

#include <stdbool.h>

#include "gather/latency.h"
#include "gather/time-spread.h"
#include "tcp/cause.h"
#include "tcp/connect-result.h"
#include "tcp/reset-kind.h"

enum { REPORT_SENT, REPORT_RECEIVED, REPORT_DIRECTIONS };

/* Whole connections. */
struct conn_counts {
	uint64_t n;	       /* connections and attempts at one; no listeners */
	uint64_t established;  /* connections that were established at some time */
	uint64_t accepted;     /* connections that peers opened, without subflows that joined one */
	uint64_t half_open;    /* handshakes that a peer began and did not complete */
	uint64_t with_retrans; /* connections with retransmitted data, by events */
	uint64_t timed_out;    /* connections with a retransmission timeout, by events */
	uint32_t min_rtt_us;   /* the least round trip that was measured; 0: none */
	uint64_t stalled;      /* connections that stalled (gather/stalls.h), but for the next */
	uint64_t slow_closes;  /* connections of which only the FIN was not acknowledged */
};

/* Single events. */
struct event_counts {
	uint64_t retrans[TCP_CAUSE_N]; /* retransmissions by cause; no failed attempts */
	uint64_t failed;	       /* attempts at a retransmission that sent nothing */
	uint64_t series;	       /* runs of timeouts with nothing acknowledged in between */
	uint64_t stall_series;	       /* runs of STALL_TIMEOUTS or more that did not recover */
	uint64_t stall_retrans;	       /* timeouts in runs of STALL_TIMEOUTS or more */
	/* Of connections of which nothing but the FIN was retransmitted: */
	uint64_t fin_series;		    /* runs of timeouts */
	uint64_t fin_retrans;		    /* retransmissions */
	uint64_t fin_timeouts;		    /* timeouts */
	uint64_t fin_waited_ns;		    /* time spent in those timeouts whose length is known */
	uint64_t waited_ns;		    /* time spent in timeouts whose length is known */
	uint64_t recoveries;		    /* fast recoveries that began */
	uint64_t tlp_recovered;		    /* losses recovered by a tail loss probe */
	uint64_t tlp_first_ns, tlp_last_ns; /* times of the first and the last such recovery */
	uint64_t bad_csums;		    /* segments that arrived with a wrong checksum */
	uint32_t resets[REPORT_DIRECTIONS][RESET_KINDS]; /* RSTs */
	/* Of these, those whose other end is on this tape, too: both ends are on this host. */
	uint32_t twin_resets[REPORT_DIRECTIONS][RESET_KINDS];
	uint32_t refusals;		/* RSTs sent that refused a connect of this host itself */
	struct time_spread *lost_times; /* times of losses, by their recovery; NULL: no loss */
};

/* An attempt to connect is slow if it took this long after a SYN was retransmitted: the timeout of
 * the first SYN is a second (RFC 6298, 2.1), less a tick of the kernel's clock. */
#define SLOW_CONNECT_MS 990u

/* Attempts of this host to connect. */
struct attempt_counts {
	uint64_t n;
	uint32_t results[CONNECT_RESULTS];
	uint64_t failed;	  /* connect_has_failed(): all that failed, or are overdue */
	uint32_t refused_unseen;  /* refused, but no RST is on the tape */
	uint32_t no_port;	  /* connect() found no local port (EADDRNOTAVAIL) */
	uint64_t fell_back;	  /* failed, and the process connected to another address instead */
	uint64_t syns;		  /* SYNs retransmitted */
	uint64_t unanswered;	  /* failed without any answer: connect_is_unanswered() */
	uint64_t unsent;	  /* of these: this host dropped the SYNs */
	uint64_t before;	  /* of these: since before the recording began */
	uint64_t aborted;	  /* of these: the process gave up */
	uint64_t superseded_late; /* superseded, after a second or more */
	uint64_t slow;		  /* established after SLOW_CONNECT_MS and a retransmitted SYN */
	uint64_t misanswered;	  /* established, though the first answer was for another one */
	uint64_t slow_misanswered;	      /* both */
	bool has_answered_before;	      /* a destination: connected since before the tape */
	struct time_spread *slow_times;	      /* starts of slow attempts, or NULL */
	struct time_spread *unanswered_times; /* starts of unanswered attempts, or NULL */
	struct time_spread *rejected_times;   /* ends of rejected attempts, or NULL */
	struct latency *latency;	      /* from SYN to established; NULL: not kept, or none */
	struct latency *given_up;	      /* from SYN to the process' giving up; the same */
};

/* Further subflows of MPTCP connections, which no process asked for. Those that this host wanted to
 * add are not among the attempts to connect. */
struct join_counts {
	uint64_t joined;	    /* established, whichever end began */
	uint64_t not_joined;	    /* attempts of this host that failed, or have no answer yet */
	uint64_t unanswered;	    /* of these: the SYN was retransmitted */
	uint64_t rejected;	    /* of these: a RST or an error ended it */
	uint64_t syns;		    /* SYNs retransmitted by all of them */
	uint64_t first_ns, last_ns; /* when the first and the last of `not_joined` began */
};

/* Growth of the connections' struct tcp_info since the start of the tape. It is exact even where
 * events were lost. Retransmissions and timeouts of handshakes are left out. */
struct tcp_info_counts {
	uint64_t conns;		 /* connections whose struct tcp_info is known */
	uint64_t with_retrans;	 /* connections with retransmitted data */
	uint64_t sent_bytes;	 /* data sent, retransmissions included */
	uint64_t retrans_bytes;	 /* data retransmitted */
	uint64_t spurious_bytes; /* retransmitted data that had arrived already; an estimate */
	uint64_t acked_bytes;	 /* data that peers acknowledged */
	uint64_t received_bytes; /* data that peers sent */
	uint64_t segs;		 /* segments sent, of any kind */
	uint64_t retrans_segs;	 /* segments retransmitted */
	uint64_t dsacks;	 /* segments that peers got twice */
	uint64_t timeouts;	 /* retransmission timeouts */
	uint64_t with_timeouts;	 /* connections whose kernel counts timeouts (from 6.7 on) */
	uint64_t timeouts_ms;	 /* time spent in these timeouts */
	/* The time in which data was sent, or waited to be sent or acknowledged; and the parts of
	 * it in which the peer's receive window, or a full send buffer, held the sender back
	 * (tcp_chrono_start() of net/ipv4/tcp_output.c; from 4.10 on). */
	uint64_t busy_us, rwnd_limited_us, sndbuf_limited_us;
	/* The part of busy_us in which losses were repaired, by events and timeouts_ms, but of each
	 * connection at most its own busy_us: gather/recovery.h. */
	uint64_t repairing_ns;
};

/* Bytes of connections without struct tcp_info: those that processes sent and received by calls, or
 * those of the other end, which is on this host, too. */
struct byte_counts {
	uint64_t tx_bytes, rx_bytes;
};

/* Established connections whose bytes are unknown: they are in no sum of bytes and in no rate. */
struct unknown_counts {
	uint64_t conns;
	uint64_t cleared; /* part of conns: the kernel cleared their figures (tcp/conn-data.h) */
	uint64_t unasked; /* part of conns: the recorder did not ask (tcp_conn.is_unasked) */
};

/*
 * Established connections whose tcp_info the kernel cleared at their end. Where their bytes are
 * known otherwise, by calls or by the other end, rates have them: their repeats are estimated by
 * events.
 */
struct cleared_counts {
	uint64_t conns;
	uint64_t retrans;	/* retransmissions of data, by events */
	uint64_t sized_retrans; /* part of retrans: of those whose bytes are known otherwise */
	uint64_t sized_bytes;	/* data that those sent, each byte counted once */
};

struct counters {
	struct conn_counts conns;
	struct event_counts events;
	struct attempt_counts attempts;
	struct join_counts joins;
	struct tcp_info_counts tcp_info;
	struct byte_counts calls;
	struct byte_counts far_ends;
	struct unknown_counts unknown;
	struct cleared_counts cleared;
	/* Established connections whose tcp_info the recorder did not ask for, and their
	 * retransmissions of data, by events. No rate has them. */
	uint64_t unasked_conns, unasked_retrans;
	/* The part of all this for which a detector has found another cause than loss, timeouts or
	 * stalls on the way (gather_part.end); NULL: none. Its own `explained` is NULL. */
	struct counters *explained;
};

/* The counters without the part that is explained: what is left to be judged. Only the members that
 * say what was retransmitted, and when, are less than those of s. */
struct counters counters_unexplained(const struct counters *s);
/* Adds to `explained` those members of x that counters_unexplained() leaves out. */
void counters_add_explained(struct counters *explained, const struct counters *x);

/* Retransmissions of data, by events: no handshakes, no tail loss probes. */
uint64_t counters_data_retrans(const struct counters *s);
/* Retransmissions of data, by events or by struct tcp_info, whichever has more. Tail loss probes
 * are left out; their share of the segments in tcp_info is estimated by events. */
uint64_t counters_data_resent(const struct counters *s);
/* Retransmissions that stand for a loss: those of data without the timeouts of stalled connections
 * and without those that are explained, plus the tail loss probes that recovered a loss. */
uint64_t counters_data_lost(const struct counters *s);
/* Retransmission timeouts of data, by events or by struct tcp_info. */
uint64_t counters_timeouts(const struct counters *s);
/* RSTs of all kinds: direction is REPORT_SENT or REPORT_RECEIVED. */
uint64_t counters_resets(const struct counters *s, unsigned int direction);
/* Attempts to connect that failed, but for those without an answer: refused, unreachable, failed on
 * this host or with another error. */
uint64_t counters_rejected(const struct counters *s);
/* The round trip of the way: the least that the kernel measured on a connection, or that a connect
 * took, which is one round trip. 0: unknown. */
uint64_t counters_round_trip_ns(const struct counters *s);
/* Connections with retransmitted data. */
static inline uint64_t counters_with_retrans(const struct counters *s)
{
	return s->conns.with_retrans > s->tcp_info.with_retrans ? s->conns.with_retrans
								: s->tcp_info.with_retrans;
}
/* Bytes of data that were sent, that were received, and both; without those of `unknown`. */
uint64_t counters_sent_bytes(const struct counters *s);
uint64_t counters_received_bytes(const struct counters *s);
uint64_t counters_bytes(const struct counters *s);

enum rate_basis {
	RATE_UNKNOWN,
	RATE_BYTES, /* bytes, by struct tcp_info; of cleared connections estimated by events */
	RATE_CALLS, /* segments, estimated by the bytes of calls, and retransmissions by events */
};

/* Of less data than so many segments, and fewer retransmissions than so many, a rate means nothing:
 * one segment more or less would make it another one. */
#define RATE_SEGMENTS_MIN 100u
#define RATE_RESENT_MIN	  5u

/* A share of the data that was sent. */
struct rate {
	enum rate_basis basis;
	uint64_t part, whole; /* in units of the basis; part <= whole */
	uint64_t ppm;	      /* parts per million */
	bool is_of_little;    /* too little was sent for the rate to mean anything */
	bool is_cleared;      /* of RATE_UNKNOWN: cleared connections could change it too much */
	bool is_estimated;    /* of RATE_BYTES: a part of the repeats is an estimate by events */
};

/* True if the rate is known, and enough was sent for it to mean something. */
static inline bool rate_is_telling(const struct rate *r)
{
	return r->basis != RATE_UNKNOWN && !r->is_of_little;
}

/* The share of the data sent that was retransmitted. */
struct rate counters_retrans_rate(const struct counters *s);
/* The share of the data sent that was lost: retransmitted, but neither spuriously, nor by a stalled
 * connection, nor for a cause that is explained. */
struct rate counters_lost_rate(const struct counters *s);
/* The share of the data sent that was lost in s without `part`, which is a part of s. */
struct rate counters_lost_of_rest(const struct counters *s, const struct counters *part);

static inline uint64_t ppm_of(uint64_t part, uint64_t whole)
{
	return whole ? (uint64_t)((double)part * 1e6 / (double)whole) : 0;
}
