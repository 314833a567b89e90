/* SPDX-License-Identifier: MIT */
/*
 * conn-history: the history of a connection: its events from the first retransmission, reset or
 * error on. When the connection has ended, its history goes to the worst connections or is freed.
 * Memory is bounded: when there are too many histories, further connections get none, and a full
 * history only counts further events.
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

/* Consecutive timeouts from which on a connection is stalled: R1 of RFC 1122, 4.2.3.5. */
#define STALL_TIMEOUTS 3u
#define HISTORY_WAITS  8u

/* Consecutive timeouts, with nothing acknowledged in between. */
struct timeout_run {
	uint16_t n;
	uint16_t n_failed; /* timeouts at which this host itself could not send */
	uint64_t from_ns;  /* time of the first timeout; 0: unknown */
	uint64_t to_ns;	   /* time of the last timeout */
	/* The length of each timeout but the first; 0: unknown, or there are no more timeouts. */
	uint32_t waits_us[HISTORY_WAITS];
};

struct conn_history {
	struct history_piece *first, *last;
	uint32_t n_events_kept; /* in the pieces */
	uint32_t n_left_out;	/* events that there was no room for */
	uint64_t state_ns;	/* when the connection entered `state`; 0: unknown */
	uint8_t state;		/* TCP state when the history began */
	bool has_probed;	/* the last retransmission was a tail loss probe */
	struct timeout_run run; /* the current run; its n is 0 when there is none */
	struct timeout_run worst_run;
	uint32_t stall_series;	/* runs of STALL_TIMEOUTS or more */
	uint32_t stall_retrans; /* timeouts in these runs */
};

struct conn_histories {
	struct arena arena;
	struct pool pieces, records;
	struct map by_conn; /* id of a connection to its struct conn_history */
	size_t n_pieces, n_records;
	uint64_t n_refused; /* requests for a history without room; a connection may ask often */
};

void conn_histories_init(struct conn_histories *t);
void conn_histories_done(struct conn_histories *t);
/* Returns the history of a connection; NULL: it has none. */
struct conn_history *conn_histories_find(const struct conn_histories *t, const struct tcp_conn *c);
/* Finds the history of a connection, or begins one. *ret is NULL when there is no room for another
 * history. 0 or -ENOMEM. */
int conn_histories_of(struct conn_histories *t, const struct tcp_conn *c,
		      struct conn_history **ret) MUST_CHECK;
/* Adds an event, or counts it when there is no room. Events must come in the order of time. 0 or
 * -ENOMEM. */
int conn_histories_add(struct conn_histories *t, struct conn_history *of,
		       const struct history_event *m) MUST_CHECK;
/* Adds a timeout of rto_us microseconds (0: unknown) to the run. True if it is the first of a
 * run. */
bool conn_history_timeout(struct conn_history *t, uint64_t ts_ns, uint32_t rto_us);
/* Notes that the timeout added last sent nothing, because this host could not send. */
void conn_history_failed(struct conn_history *t);
/* Ends the current run of timeouts, because data was acknowledged or recovery began. */
static inline void conn_history_moves(struct conn_history *t)
{
	t->run.n = 0;
}
/* Unlinks the connection's history and hands it to the caller. NULL if there was none. */
struct conn_history *conn_histories_take(struct conn_histories *t, const struct tcp_conn *c);
/* Gives back a history that was taken. Ignores NULL. */
void conn_histories_give(struct conn_histories *t, struct conn_history *of);
