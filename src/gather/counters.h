/* SPDX-License-Identifier: MIT */
/*
 * counters: what is counted of a set of connections: all of them, those to one peer, those of one
 * process. Events count as the tape has them; what the kernel's own figures say is kept apart, as
 * it is exact where events were lost.
 */
#pragma once

#include <stdbool.h>

#include "gather/latency.h"
#include "gather/time-spread.h"
#include "tcp/cause.h"
#include "tcp/connect-result.h"
#include "tcp/reset-kind.h"

/*
 * After so long without an answer an attempt to connect counts as unanswered. A SYN is due again after a
 * second (RFC 6298, 2.1), even if that event is not on the tape. A process that tries several addresses
 * at a time aborts the other attempts once one has succeeded, after a quarter of a second or sooner
 * (RFC 8305, 5): those were not left unanswered.
 */
#define UNANSWERED_SYN_MS   1000u
#define UNANSWERED_ABORT_MS 300u

enum { REPORT_SENT, REPORT_RECEIVED, REPORT_DIRECTIONS };

struct counters {
	uint64_t conns;			/* connections and attempts; no listeners */
	uint64_t established;		/* of these, at some time */
	uint64_t with_retrans;		/* data had to be sent again, by events */
	uint64_t with_retrans_tcp_info; /* the same by the kernel's figures */
	uint64_t timed_out;		/* a retransmission timeout expired */
	uint64_t accepted;
	uint64_t half_open; /* a peer began, and did not complete, the handshake */
	/* By events. */
	uint64_t retrans[TCP_CAUSE_N]; /* SYNs and SYN-ACKs too; no failed attempts */
	uint64_t failed;	       /* attempts that sent nothing */
	uint64_t series;	       /* of timeouts, one after the other */
	uint64_t stalled;	       /* connections with three in a row */
	uint64_t stall_series;	       /* of these: of three or more, for good */
	uint64_t stall_retrans;	       /* what was sent again in them: into the void */
	uint64_t waited_ns;	       /* for timeouts, where their length is known */
	uint64_t recoveries;	       /* fast ones that began */
	uint64_t tlp_recovered;	       /* losses that a tail loss probe mended */
	uint64_t bad_csums;
	uint32_t resets[REPORT_DIRECTIONS][RESET_KINDS];
	uint64_t tlp_recovered_first_ns, tlp_recovered_last_ns; /* of tlp_recovered */
	struct time_spread *
		lost; /* when data was sent again, probes only where they mended something; NULL: never */
	struct time_spread
		*unanswered_times; /* when attempts that got no answer began; NULL: never */
	/* Attempts to connect from here. */
	uint64_t attempts;
	uint32_t results[CONNECT_RESULTS];
	uint32_t refused_unseen;  /* of those refused: without a RST on the tape */
	uint64_t syns;		  /* sent again, by those attempts */
	struct time_spread *slow; /* when those began that needed SYNs again; NULL: none */
	struct time_spread *rejected_times; /* when they were turned away; NULL: never */
	uint64_t slow_by_syn;		    /* established, after SYNs sent again */
	uint64_t unanswered; /* nothing came back, though a SYN was due again, or for as long as
				 the process waited */
	uint64_t aborted;    /* of these: by the process */
	/* By the kernel's figures, of what happened while the tape ran. */
	uint64_t with_tcp_info; /* connections that have such figures */
	uint64_t tx_bytes, rx_bytes;
	uint64_t sent_bytes, resent_bytes; /* data */
	uint64_t segs, resegs;		/* segments of any kind; those sent again, no handshakes */
	uint64_t dsacks;		/* segments that arrived twice */
	uint64_t spurious_bytes;	/* of resent_bytes, about: what had arrived */
	uint64_t timeouts, timeouts_ms; /* and the time spent in them */
	/* By calls, of connections that have no such figures. */
	uint64_t io_tx, io_rx;
	struct latency *latency; /* of what was established from here; NULL: none */
};

/* Retransmissions of data by events: no handshakes, no probes. */
uint64_t counters_data_retrans(const struct counters *s);
/* The same, but at least as many as the kernel's figures tell: events may be missing. Which of its
 * segments were probes is known by events alone. */
uint64_t counters_data_resent(const struct counters *s);
/* Of these, those that were not the timeouts of stalled connections; and the tail loss probes that
 * mended something. */
uint64_t counters_data_lost(const struct counters *s);
/* Timeouts of data. */
uint64_t counters_timeouts(const struct counters *s);
uint64_t counters_resets(const struct counters *s, unsigned int direction);
/* Attempts that failed for another reason than silence. */
uint64_t counters_rejected(const struct counters *s);
/* Connections of which data had to be sent again. */
static inline uint64_t counters_with_retrans(const struct counters *s)
{
	return s->with_retrans > s->with_retrans_tcp_info ? s->with_retrans
							  : s->with_retrans_tcp_info;
}
/* Bytes of data in both directions, by figures or calls. */
uint64_t counters_bytes(const struct counters *s);

enum rate_basis {
	RATE_UNKNOWN,
	RATE_BYTES, /* the kernel's figures */
	RATE_CALLS, /* retransmissions against an estimate by bytes that were written */
};

/* What share of the data was sent again, in parts per million. */
struct rate {
	enum rate_basis basis;
	uint64_t part, whole;
	uint64_t ppm;
};

struct rate counters_retrans_rate(const struct counters *s);
/* The same without what is known to have arrived before, and what stalled connections sent. */
struct rate counters_lost_rate(const struct counters *s);
/* Of s without part, which is in it. */
struct rate counters_lost_of_rest(const struct counters *s, const struct counters *part);

static inline uint64_t ppm_of(uint64_t part, uint64_t whole)
{
	return whole ? (uint64_t)((double)part * 1e6 / (double)whole) : 0;
}
