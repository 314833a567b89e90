/* SPDX-License-Identifier: MIT */
/*
 * history-event: an event of a connection's history.
 */
#pragma once

#include <stdint.h>

enum history_event_kind {
	/* detail: enum tcp_cause; value: the timeout in us, of several the longest; 0: unknown */
	HISTORY_RETRANSMIT,
	HISTORY_FAILED,	    /* detail: cause; value: the positive errno or NET_XMIT code */
	HISTORY_STATE,	    /* detail: the new TCP state */
	HISTORY_CONGESTION, /* detail: the new congestion state */
	HISTORY_RESET,	    /* detail: enum reset_kind; value: 1 received, 0 sent */
	HISTORY_ERROR,	    /* value: errno */
	HISTORY_WINDOW,	    /* detail: enum history_window */
	HISTORY_ACKED,	    /* data was acknowledged, after a retransmission */
};

/* A change of a receive window to zero bytes, or back. */
enum history_window {
	HISTORY_PEER_SHUT,
	HISTORY_PEER_OPEN,
	HISTORY_OWN_SHUT,
	HISTORY_OWN_OPEN,
};

/* An event, or several of the same kind and detail in one stretch of time. */
struct history_event {
	uint64_t ts_ns;	   /* of the first */
	uint64_t until_ns; /* of the last */
	uint32_t n;	   /* number of events */
	uint32_t value;	   /* 0 where those of several events differ */
	uint8_t kind, detail;
};

enum history_rank {
	HISTORY_RANK_FREQUENT, /* fast retransmits, probes, congestion states: merged first */
	HISTORY_RANK_TIMEOUT,  /* timeouts, retransmitted handshakes, failed attempts */
	HISTORY_RANK_RARE,     /* changes of state, RSTs, errors: merged last */
	HISTORY_RANKS,
};
