/* SPDX-License-Identifier: MIT */
/*
 * verdict: where the trouble of a tape lies (on the network, at a peer, on this host), and how much
 * of their time connections lost there. The places come from the findings, the shares from the
 * kernel's own clocks of each connection: what held a sender back is told by its receiver's window,
 * its own send buffer, and the repair of losses (the triage of web100 and of Google's Fathom).
 */
#pragma once

#include "detect/findings.h"

/* Times summed over connections; each part is at most the whole. While losses are repaired the
 * window may hold the sender back, too. */
struct busy_time {
	uint64_t conns;	       /* connections whose times are known */
	uint64_t busy_ns;      /* data was sent, or waited to be sent or acknowledged */
	uint64_t repairing_ns; /* of this: losses were repaired */
	bool knows_repairing;  /* that was recorded, or the kernel counts the time of timeouts */
	bool is_least;	       /* but more may have been repaired than is known */
	uint64_t window_ns;    /* the peer's receive window held the sender back */
	uint64_t buffer_ns;    /* the send buffer of this host was full */
};

/* s are counters of `in`. */
struct busy_time busy_time_of(const struct gathered *in, const struct counters *s);

struct verdict {
	bool is_good;		  /* nothing is wrong */
	bool is_untold;		  /* too little was watched, or too much is missing, to say so */
	enum trouble_place place; /* of the worst finding; without one, PLACE_UNKNOWN */
	bool has_places[PLACES];  /* of any warning or critical finding */
	struct busy_time time;
};

/* f's findings must have been made. */
struct verdict verdict_of(const struct findings *f);
