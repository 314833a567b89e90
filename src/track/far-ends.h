/* SPDX-License-Identifier: MIT */
/*
 * far-ends: the bytes of the connections that have ended lately, by their endpoints. Where both
 * ends of a connection are on the recorded host, one end has the bytes of the other. The latest
 * FAR_ENDS are kept.
 */
#pragma once

#include "base/map.h"
#include "tcp/conn.h"

#define FAR_ENDS 16384u

struct far_end {
	struct endpoint local, remote;
	uint64_t seen_ns, end_ns;
	uint64_t tx_bytes, rx_bytes;
	bool is_ambiguous; /* another connection had the same endpoints at the same time */
};

/* {0} is a valid empty one. */
struct far_ends {
	struct far_end *items; /* a ring; NULL while it is empty */
	struct map by_tuple;   /* hash of the endpoints to the number of the latest item */
	uint64_t n;	       /* ever */
};

void far_ends_done(struct far_ends *f);
/* Keeps the bytes of c, which has ended. 0 or -ENOMEM. */
int far_ends_note(struct far_ends *f, const struct tcp_conn *c, uint64_t tx_bytes,
		  uint64_t rx_bytes) MUST_CHECK;
/* The other end of c, whose bytes it sent are those that c received. NULL: it is not known, or two
 * may be meant, as in two network namespaces with the same addresses. */
const struct far_end *far_ends_find(const struct far_ends *f, const struct tcp_conn *c);
