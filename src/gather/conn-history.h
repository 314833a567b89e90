/* SPDX-License-Identifier: MIT */
/*
 * conn-history: what happened, event by event, to the connections that something happened to: from
 * the first retransmission, reset or error on, until the connection has ended and is among the
 * worst, or is forgotten. Memory is bounded: where there are too many connections, those that come
 * late are only counted, and so are the later events of one connection.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "base/pool.h"
#include "tcp/event.h"

enum history_event_kind {
	HISTORY_RETRANSMIT, /* detail: enum tcp_cause; value: the timeout in us, 0 unknown */
	HISTORY_AGAIN,	    /* several retransmissions at once; detail: cause; value: how many */
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

/* From so many timeouts in a row on, a connection is stalled: R1 of RFC 1122, 4.2.3.5. */
#define STALL_TIMEOUTS 3u
#define HISTORY_WAITS  8u

/* Timeouts one after the other, with nothing acknowledged in between. */
struct timeout_run {
	uint16_t n;
	uint16_t n_failed; /* timeouts of these at which this host itself could not send */
	uint64_t from_ns,
		to_ns; /* the first one and the last; from_ns is 0 where it is not known */
	/* The length of each timeout but the first; 0: there are no more, or it is not known. */
	uint32_t waits_us[HISTORY_WAITS];
};

struct conn_history {
	struct history_piece *first, *last;
	uint32_t n_events_kept; /* in the pieces */
	uint32_t n_left_out;	/* events that there was no room for */
	uint64_t state_ns;	/* since when it was in the state; 0: unknown */
	uint8_t state;		/* TCP state when the history began */
	bool has_probed;	/* the last retransmission was a tail loss probe */
	struct timeout_run run; /* the current one; n is 0 where there is none */
	struct timeout_run worst_run;
	uint32_t stall_series;	/* runs of STALL_TIMEOUTS or more */
	uint32_t stall_retrans; /* timeouts in these runs */
};

struct conn_histories {
	struct arena arena;
	struct pool pieces, records;
	struct map by_conn; /* id of a connection to its struct conn_history */
	size_t n_pieces, n_records;
	uint64_t n_refused; /* connections that there was no room for */
};

void conn_histories_init(struct conn_histories *t);
void conn_histories_done(struct conn_histories *t);
/* The history of a connection. NULL: nothing has happened to it, or there was no room. */
struct conn_history *conn_histories_find(const struct conn_histories *t, const struct tcp_conn *c);
/* The same, made if need be. *ret is NULL where there is no room. 0 or -ENOMEM. */
int conn_histories_of(struct conn_histories *t, const struct tcp_conn *c,
		      struct conn_history **ret) MUST_CHECK;
/* Adds an event, or counts it where there is no room. Events come in time order. 0 or -ENOMEM. */
int conn_histories_add(struct conn_histories *t, struct conn_history *of,
		       const struct history_event *m) MUST_CHECK;
/* A timeout of rto_us microseconds (0: not known) has expired. True if it is the first of a run. */
bool conn_history_timeout(struct conn_history *t, uint64_t ts_ns, uint32_t rto_us);
/* What conn_history_timeout was last told of sent nothing. */
void conn_history_failed(struct conn_history *t);
/* Something was acknowledged, or recovery began: a run of timeouts is over. */
static inline void conn_history_moves(struct conn_history *t)
{
	t->run.n = 0;
}
/* Unlinks the connection's history and hands it to the caller. NULL if there was none. */
struct conn_history *conn_histories_take(struct conn_histories *t, const struct tcp_conn *c);
/* Gives back a history that was taken. Ignores NULL. */
void conn_histories_give(struct conn_histories *t, struct conn_history *of);
