/* SPDX-License-Identifier: MIT */
/*
 * trouble: what happened, one by one, to the connections that something happened to: from its
 * first retransmission, reset or error on, until the connection has ended and is found to be
 * among the worst, or is forgotten. Bounded: where there are too many, those that come late, and
 * of one connection the later moments, are only counted.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "base/pool.h"
#include "tcp/event.h"

enum moment_kind {
	MOMENT_RETRANSMIT, /* detail: enum tcp_cause; value: microseconds waited, 0 unknown */
	MOMENT_AGAIN,	   /* more of the same at once; value: how many */
	MOMENT_FAILED,	   /* detail: cause; value: the positive errno or NET_XMIT code */
	MOMENT_STATE,	   /* detail: the new TCP state */
	MOMENT_CONGESTION, /* detail: the new congestion state */
	MOMENT_RESET,	   /* detail: enum reset_kind; value: 1 received, 0 sent */
	MOMENT_ERROR,	   /* value: errno */
};

struct trouble_moment {
	uint64_t ts_ns;
	uint32_t value;
	uint8_t kind, detail;
};

#define MOMENTS_PER_PIECE 7u

struct trouble_piece {
	struct trouble_piece *next;
	uint32_t n;
	struct trouble_moment items[MOMENTS_PER_PIECE];
};

/* Three timeouts in a row: RFC 1122, 4.2.3.5, R1, from which on a connection is in trouble. */
#define REPORT_STALL_TIMEOUTS 3u
#define TROUBLE_WAITS	      8u

struct trouble {
	struct trouble_piece *first, *last;
	uint32_t n_moments;  /* kept */
	uint32_t n_left_out; /* and not */
	uint64_t state_ns;   /* what it was in when this began, since then; 0: unknown */
	uint8_t state;
	bool has_probed; /* the last thing that was sent again was a tail loss probe */
	/* Timeouts one after the other, with nothing acknowledged in between. */
	uint16_t run, worst_run;
	uint16_t run_failed, worst_failed; /* of these: this host itself could not send */
	uint32_t stall_series;		   /* runs of REPORT_STALL_TIMEOUTS or more */
	uint32_t stall_retrans;		   /* timeouts in them */
	uint64_t run_from_ns, worst_from_ns, worst_to_ns;
	/* How long each was waited for, from the second on; 0: no more, or not known. */
	uint32_t waits_us[TROUBLE_WAITS], worst_waits_us[TROUBLE_WAITS];
};

struct troubles {
	struct arena arena;
	struct pool pieces, records;
	struct map by_conn; /* number of the connection to its struct trouble */
	size_t n_pieces, n_records;
	uint64_t n_refused; /* connections that there was no room for */
};

void troubles_init(struct troubles *t);
void troubles_done(struct troubles *t);
/* NULL: nothing has happened to it, or there was no room. */
struct trouble *troubles_find(const struct troubles *t, const struct tcp_conn *c);
/* The same, made if need be. *ret NULL: no room. 0 or -ENOMEM. */
int troubles_of(struct troubles *t, const struct tcp_conn *c, struct trouble **ret) MUST_CHECK;
int troubles_add(struct troubles *t, struct trouble *of, const struct trouble_moment *m) MUST_CHECK;
/* A timeout expired, of so many microseconds (0: not known); was it the first of its run? */
bool trouble_timeout(struct trouble *t, uint64_t ts_ns, uint32_t rto_us);
/* The timeout that was told of last sent nothing. */
void trouble_failed(struct trouble *t);
/* Something was acknowledged, or recovery began. */
static inline void trouble_moves(struct trouble *t)
{
	t->run = 0;
}
/* It is not looked for any more; its record stays, and is the caller's. NULL: it had none. */
struct trouble *troubles_take(struct troubles *t, const struct tcp_conn *c);
/* NULL is nothing. */
void troubles_give(struct troubles *t, struct trouble *of);
