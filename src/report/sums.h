/* SPDX-License-Identifier: MIT */
/*
 * sums: what is counted of a set of connections: all of them, those to one peer, those of one
 * process. Events count as the tape has them; what the kernel's own figures say is kept apart, as
 * it is exact where events were lost.
 */
#pragma once

#include <stdbool.h>

#include "report/latency.h"
#include "report/spread.h"
#include "tcp/cause.h"
#include "tcp/connect-result.h"
#include "tcp/reset-kind.h"

enum { REPORT_SENT, REPORT_RECEIVED, REPORT_DIRECTIONS };

struct report_sums {
	uint64_t conns;	       /* connections and attempts; no listeners */
	uint64_t established;  /* of these, at some time */
	uint64_t hurt;	       /* data had to be sent again, by events */
	uint64_t hurt_figured; /* the same by the kernel's figures */
	uint64_t timed_out;    /* a retransmission timeout expired */
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
	uint64_t repaired_tails;       /* losses that a tail loss probe mended */
	uint64_t bad_csums;
	uint32_t resets[REPORT_DIRECTIONS][RESET_KINDS];
	uint64_t mended_first_ns, mended_last_ns; /* of repaired_tails */
	struct spread *
		lost; /* when data was sent again, probes only where they mended something; NULL: never */
	struct spread *unheard; /* when attempts that got no answer began; NULL: never */
	/* Attempts to connect from here. */
	uint64_t attempts;
	uint32_t results[CONNECT_RESULTS];
	uint32_t refused_unseen; /* of those refused: without a RST on the tape */
	uint64_t syns;		 /* sent again, by those attempts */
	struct spread *slow;	 /* when those began that needed SYNs again; NULL: none */
	struct spread *turned;	 /* when they were turned away; NULL: never */
	uint64_t slow_by_syn;	 /* established, after SYNs sent again */
	uint64_t unanswered;	 /* nothing came back, though a SYN was due again, or for as long as
				 the process waited */
	uint64_t given_up;	 /* of these: by the process */
	/* By the kernel's figures, of what happened while the tape ran. */
	uint64_t figured; /* connections that have such figures */
	uint64_t tx_bytes, rx_bytes;
	uint64_t sent_bytes, resent_bytes; /* data */
	uint64_t segs, resegs;		/* segments of any kind; those sent again, no handshakes */
	uint64_t dsacks;		/* segments that arrived twice */
	uint64_t needless_bytes;	/* of resent_bytes, about: what had arrived */
	uint64_t timeouts, timeouts_ms; /* and the time spent in them */
	/* By calls, of connections that have no such figures. */
	uint64_t io_tx, io_rx;
	struct latency *latency; /* of what was established from here; NULL: none */
};

/* Retransmissions of data by events: no handshakes, no probes. */
uint64_t report_data_retrans(const struct report_sums *s);
/* The same, but at least as many as the kernel's figures tell: events may be missing. Which of its
 * segments were probes is known by events alone. */
uint64_t report_data_resent(const struct report_sums *s);
/* Of these, those that were not the timeouts of stalled connections; and the tail loss probes that
 * mended something. */
uint64_t report_data_lost(const struct report_sums *s);
/* Timeouts of data. */
uint64_t report_timeouts(const struct report_sums *s);
uint64_t report_resets(const struct report_sums *s, unsigned int direction);
/* Attempts that failed for another reason than silence. */
uint64_t report_rejected(const struct report_sums *s);
/* Connections of which data had to be sent again. */
static inline uint64_t report_hurt(const struct report_sums *s)
{
	return s->hurt > s->hurt_figured ? s->hurt : s->hurt_figured;
}
/* Bytes of data in both directions, by figures or calls. */
uint64_t report_bytes(const struct report_sums *s);

enum report_rate_basis {
	REPORT_RATE_UNKNOWN,
	REPORT_RATE_BYTES, /* the kernel's figures */
	REPORT_RATE_CALLS, /* retransmissions against an estimate by bytes that were written */
};

/* What share of the data was sent again, in parts per million. */
struct report_rate {
	enum report_rate_basis basis;
	uint64_t part, whole;
	uint64_t ppm;
};

struct report_rate report_retrans_rate(const struct report_sums *s);
/* The same without what is known to have arrived before, and what stalled connections sent. */
struct report_rate report_lost_rate(const struct report_sums *s);
/* Of s without part, which is in it. */
struct report_rate report_lost_of_rest(const struct report_sums *s, const struct report_sums *part);

static inline uint64_t report_ppm(uint64_t part, uint64_t whole)
{
	return whole ? (uint64_t)((double)part * 1e6 / (double)whole) : 0;
}
