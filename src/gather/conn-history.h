/* SPDX-License-Identifier: MIT */
/*
 * conn-history: what happened, one by one, to the connections that something happened to: from its
 * first retransmission, reset or error on, until the connection has ended and is found to be
 * among the worst, or is forgotten. Bounded: where there are too many, those that come late, and
 * of one connection the later moments, are only counted.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "base/pool.h"
#include "tcp/event.h"

enum history_event_kind {
	HISTORY_RETRANSMIT, /* detail: enum tcp_cause; value: microseconds waited, 0 unknown */
	HISTORY_AGAIN,	    /* more of the same at once; value: how many */
	HISTORY_FAILED,	    /* detail: cause; value: the positive errno or NET_XMIT code */
	HISTORY_STATE,	    /* detail: the new TCP state */
	HISTORY_CONGESTION, /* detail: the new congestion state */
	HISTORY_RESET,	    /* detail: enum reset_kind; value: 1 received, 0 sent */
	HISTORY_ERROR,	    /* value: errno */
};

struct history_event {
	uint64_t ts_ns;
	uint32_t value;
	uint8_t kind, detail;
};

#define HISTORY_EVENTS_PER_PIECE 7u

struct history_piece {
	struct history_piece *next;
	uint32_t n;
	struct history_event items[HISTORY_EVENTS_PER_PIECE];
};

/* Three timeouts in a row: RFC 1122, 4.2.3.5, R1, from which on a connection is in trouble. */
#define STALL_TIMEOUTS 3u
#define HISTORY_WAITS  8u

struct conn_history {
	struct history_piece *first, *last;
	uint32_t n_events_kept; /* kept */
	uint32_t n_left_out;	/* and not */
	uint64_t state_ns;	/* what it was in when this began, since then; 0: unknown */
	uint8_t state;
	bool has_probed; /* the last thing that was sent again was a tail loss probe */
	/* Timeouts one after the other, with nothing acknowledged in between. */
	uint16_t run, worst_run;
	uint16_t run_failed, worst_failed; /* of these: this host itself could not send */
	uint32_t stall_series;		   /* runs of STALL_TIMEOUTS or more */
	uint32_t stall_retrans;		   /* timeouts in them */
	uint64_t run_from_ns, worst_from_ns, worst_to_ns;
	/* How long each was waited for, from the second on; 0: no more, or not known. */
	uint32_t waits_us[HISTORY_WAITS], worst_waits_us[HISTORY_WAITS];
};

struct conn_histories {
	struct arena arena;
	struct pool pieces, records;
	struct map by_conn; /* number of the connection to its struct trouble */
	size_t n_pieces, n_records;
	uint64_t n_refused; /* connections that there was no room for */
};

void conn_histories_init(struct conn_histories *t);
void conn_histories_done(struct conn_histories *t);
/* NULL: nothing has happened to it, or there was no room. */
struct conn_history *conn_histories_find(const struct conn_histories *t, const struct tcp_conn *c);
/* The same, made if need be. *ret NULL: no room. 0 or -ENOMEM. */
int conn_histories_of(struct conn_histories *t, const struct tcp_conn *c,
		      struct conn_history **ret) MUST_CHECK;
int conn_histories_add(struct conn_histories *t, struct conn_history *of,
		       const struct history_event *m) MUST_CHECK;
/* A timeout expired, of so many microseconds (0: not known); was it the first of its run? */
bool conn_history_timeout(struct conn_history *t, uint64_t ts_ns, uint32_t rto_us);
/* The timeout that was told of last sent nothing. */
void conn_history_failed(struct conn_history *t);
/* Something was acknowledged, or recovery began. */
static inline void conn_history_moves(struct conn_history *t)
{
	t->run = 0;
}
/* It is not looked for any more; its record stays, and is the caller's. NULL: it had none. */
struct conn_history *conn_histories_take(struct conn_histories *t, const struct tcp_conn *c);
/* NULL is nothing. */
void conn_histories_give(struct conn_histories *t, struct conn_history *of);
