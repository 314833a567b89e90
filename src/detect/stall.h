/* SPDX-License-Identifier: MIT */
/*
 * stall: a connection on which nothing was acknowledged for several timeouts, or until the kernel
 * gave it up; and what the tape says about the cause.
 */
#pragma once

#include "base/text.h"
#include "detect/place.h"
#include "gather/gathered.h"
#include "gather/stalls.h"

/* The kind of its stall. */
enum stall_kind stall_kind(const struct worst_conn *c);
/* The run of timeouts that the stall is: the one that goes on, or else the longest. */
const struct timeout_run *stall_run(const struct worst_conn *c);
/* The connection is still stalled at the end of the tape. */
bool stall_is_open(const struct worst_conn *c);
/* The kernel gave it up, or it is still stalled. */
bool stall_is_lasting(const struct worst_conn *c);
/* It began before the recording. */
bool stall_is_older(const struct worst_conn *c);
/* Since when nothing is acknowledged, at the latest, and until when. */
uint64_t stall_from_ns(const struct worst_conn *c);
uint64_t stall_to_ns(const struct worst_conn *c);
static inline uint64_t stall_ns(const struct worst_conn *c)
{
	return stall_to_ns(c) - stall_from_ns(c);
}
/* What became of it, in words. */
const char *stall_outcome(const struct worst_conn *c);

/* What the tape says about the causes of one stall, or of several to one peer. */
struct stall_evidence {
	bool is_for_good;
	bool is_here;		/* every retransmission failed on this host itself */
	bool is_queued;		/* its first copy waited in a queue of this host meanwhile */
	bool is_elsewhere;	/* the peer answered another connection meanwhile */
	bool is_later;		/* it answered one, but only after the last timeout */
	bool is_heard;		/* its acknowledgements arrive, but do not go on */
	bool is_small;		/* the segments are so small that they pass every path */
	bool is_mtu;		/* the segments are large, and only smaller ones arrive */
	bool is_healed;		/* the same, until the kernel sent smaller ones */
	bool is_window;		/* its probes of a shut window were not answered */
	bool is_reader;		/* the peer's window was shut, so its program did not read */
	bool is_reset;		/* the peer's RST ended it */
	bool is_never_acked;	/* it is a call of this host, and no data was ever acknowledged */
	bool is_left;		/* the program had closed it already */
	uint32_t segment_bytes; /* average size of what was retransmitted; 0: unknown */
	/* If it is healed: the most data in a segment before that, and since. */
	uint32_t mss_before, mss_since; /* 0: unknown */
	bool is_mss_seen;		/* rows of the tape show that it became less */
};

struct stall_evidence stall_evidence_of(const struct gathered *in, const struct worst_conn *c);
/* Adds the evidence of another stall to the same peer: what is true of all, or seen by any. */
void stall_evidence_join(struct stall_evidence *all, const struct stall_evidence *one);
/* Where the cause lies. */
enum trouble_place stall_place(const struct stall_evidence *s);
/* Writes the meaning: only causes that the evidence leaves. */
void stall_meaning(const struct stall_evidence *s, struct text *t);
