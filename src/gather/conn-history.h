/* SPDX-License-Identifier: MIT */
/*
 * conn-history: the history of a connection: its events from the first retransmission, reset, error
 * or change of congestion state on, and the states that it was in before. When the connection has
 * ended, its history goes to the worst connections or is freed.
 *
 * Memory is bounded, and a history covers the whole life all the same: when it is full, frequent
 * events are merged into counts over stretches of time (gather/history-thin.h). When there is no
 * room left for all histories, the long ones are made shorter in the same way.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "base/pool.h"
#include "gather/conn-samples.h"
#include "gather/history-event.h"
#include "gather/recent-states.h"
#include "tcp/event.h"

/* Several retransmissions within this time were sent at once. */
#define HISTORY_AT_ONCE_NS 5000000u

#define HISTORY_EVENTS_PER_PIECE 7u

struct history_piece {
	struct history_piece *next;
	uint32_t n;
	struct history_event items[HISTORY_EVENTS_PER_PIECE];
};

/* Consecutive timeouts from which on a connection is stalled: R1 of RFC 1122, 4.2.3.5. */
#define STALL_TIMEOUTS 3u
#define HISTORY_WAITS  8u

/* Consecutive timeouts, with nothing acknowledged in between (gather/timeout-runs.h). */
struct timeout_run {
	uint16_t n;
	uint16_t n_before; /* of these, timeouts before the recording */
	uint16_t n_failed; /* timeouts at which this host itself could not send */
	uint16_t n_queued; /* of these, timeouts at which its first copy still waited here */
	uint8_t state;	   /* TCP state at the first timeout on the tape */
	bool is_series;	   /* it began on the tape, with data that had left this host */
	uint64_t from_ns;  /* nothing is acknowledged since then at the latest; 0: unknown */
	uint64_t first_ns; /* time of the first timeout, which may be an estimate; 0: unknown */
	uint64_t to_ns;	   /* time of the last timeout */
	uint64_t moved_ns; /* when data was acknowledged, or recovery began; 0: not seen */
	/* When the peer acknowledged something on another connection, after the first timeout and
	 * before a later one; 0: not seen. */
	uint64_t elsewhere_ns;
	/* The length of each timeout but the first; 0: unknown, or there are no more timeouts. */
	uint32_t waits_us[HISTORY_WAITS];
};

/* What the last tcp_info of a connection says about a stall. */
struct stall_figures {
	bool is_known;
	bool is_data_acked;	  /* the peer has acknowledged all data */
	bool is_nothing_acked;	  /* the peer has never acknowledged any data */
	bool is_data_resent;	  /* data was retransmitted while recorded, not only a FIN */
	bool has_sacked;	  /* a later segment had arrived, but not the first one */
	bool is_window_shut;	  /* the peer's receive window was zero */
	uint32_t segment_bytes;	  /* average size of the segments retransmitted; 0: unknown */
	uint32_t mss;		  /* the most data in a segment; 0: unknown */
	uint32_t pmtu;		  /* the path MTU that this host believes in; 0: unknown */
	uint32_t retrans_segs;	  /* segments retransmitted while recorded */
	uint64_t retrans_bytes;	  /* data in them */
	bool has_probes;	  /* the kernel counts probes */
	uint32_t probes;	  /* probes that nobody has answered */
	uint64_t waiting_bytes;	  /* data that was not sent */
	uint64_t rwnd_limited_us; /* while recorded the peer's window stopped the sender */
	uint64_t busy_us;	  /* while recorded data was sent, or waited to be */
	uint64_t timeouts_ms;	  /* while recorded it waited for timeouts of data */
	uint64_t heard_ns;	  /* when the last acknowledgement came; 0: unknown */
};

/* What tcp_probe has shown of a connection. */
struct probe_state {
	bool is_known;
	bool is_peer_shut, is_own_shut;
	uint32_t una;		/* tcp_probe.snd_una */
	uint64_t ts_ns;		/* of the last tcp_probe */
	uint64_t unanswered_ns; /* of the last retransmission, until something is acknowledged; 0 */
};

/* The tcp_info of a connection whose story is told. */
struct conn_figures {
	struct tcp_info_values base; /* when the recording began; nothing is present: none */
	struct tcp_info_values last;
	uint64_t last_ns; /* when `last` was read; 0: it was not */
};

struct conn_history {
	struct history_piece *first, *last;
	uint32_t n_events_kept; /* items in the pieces */
	uint32_t n_left_out;	/* events that there was no room for */
	/* Times of the first and the last of these. */
	uint64_t left_out_first_ns, left_out_last_ns;
	uint64_t state_ns; /* when the connection entered `state`; 0: unknown */
	uint8_t state;	   /* TCP state when the history began */
	/* Events of one rank are merged within 2^width nanoseconds; 0: they are not. */
	uint8_t widths[HISTORY_RANKS];
	bool has_probed;	/* the last retransmission was a tail loss probe */
	bool is_run_worst;	/* worst_run is a copy of run */
	int32_t err;		/* the positive errno that the kernel reported last; 0: none */
	struct timeout_run run; /* the current run; its n is 0 when there is none */
	struct timeout_run worst_run;
	uint32_t stall_series;	  /* runs on the tape of STALL_TIMEOUTS or more */
	uint32_t stall_retrans;	  /* timeouts on the tape in such runs, and in those from before */
	uint32_t unsettled;	  /* retransmissions since the congestion state was Open last */
	uint32_t close_series;	  /* runs of timeouts that began after this host had closed */
	uint32_t close_retrans;	  /* retransmissions after it had closed */
	uint32_t close_timeouts;  /* timeouts among these */
	uint64_t close_waited_ns; /* time spent in those timeouts whose length is known */
	uint64_t repaired_ns;	  /* time in repairs of losses that are over (gather/recovery.h) */
	uint64_t repairing_since_ns; /* it repairs losses since then; 0: no */
	struct stall_figures figures;
	uint32_t mss_most; /* the greatest `mss` of all rows; 0: unknown */
	struct probe_state probe;
	struct conn_samples samples;
	struct conn_figures *story; /* NULL: its story is not told */
};

struct conn_histories {
	struct arena arena;
	struct pool pieces, records;
	struct map by_conn; /* id of a connection to its struct conn_history */
	struct recent_states recent;
	size_t n_pieces, n_records;
	uint32_t events_max; /* of one history; made smaller when there is no room for all */
	uint64_t n_refused;  /* requests for a history without room; a connection may ask often */
	bool keeps_each;     /* what was sent at once makes an event each */
	struct conn_samples_room samples_room;
	struct pool stories; /* of struct conn_figures */
	size_t n_stories;
	struct history_event *scratch; /* where a history is thinned; NULL: none was yet */
	size_t scratch_max;
};

/* How much of each connection is kept. */
struct history_limits {
	uint32_t events_max; /* of one history */
	bool keeps_each;     /* what was sent at once makes an event each */
	size_t samples_each; /* an even number */
};

/* 0 or -ENOMEM; conn_histories_done() must follow even a failure. */
int conn_histories_init(struct conn_histories *t) MUST_CHECK;
/* Histories that were taken, and not given back, must be given back before. */
void conn_histories_done(struct conn_histories *t);
/* Sets other limits, before the first history. */
void conn_histories_limit(struct conn_histories *t, const struct history_limits *limits);
/* Returns the history of a connection; NULL: it has none. */
struct conn_history *conn_histories_find(const struct conn_histories *t, const struct tcp_conn *c);
/* Finds the history of a connection, or begins one, with the states that it was in before as far as
 * they are known. *ret is NULL when there is no room for another history; half of the room is for
 * connections that were established. 0 or -ENOMEM. */
int conn_histories_of(struct conn_histories *t, const struct tcp_conn *c,
		      struct conn_history **ret) MUST_CHECK;
/* Adds an event, or counts it when there is no room even after merging. Events must come in the
 * order of time. 0 or -ENOMEM. */
int conn_histories_add(struct conn_histories *t, struct conn_history *of,
		       const struct history_event *m) MUST_CHECK;
/* Adds a sample to a history. 0 or -ENOMEM. */
int conn_histories_sample(struct conn_histories *t, struct conn_history *of,
			  const struct conn_sample *sample) MUST_CHECK;
/* The tcp_info of a connection whose story is told. NULL: there is no room, or no memory. */
struct conn_figures *conn_histories_figures(struct conn_histories *t, struct conn_history *of);
/* The time of the first retransmission, RST or error of a history; 0: it has none. */
uint64_t conn_history_trouble_ns(const struct conn_history *of);
/* Copies the events of a history, at most max of them. Returns their number. */
size_t conn_history_events(const struct conn_history *of, struct history_event *items, size_t max);
/* Unlinks the connection's history and hands it to the caller. NULL if there was none. */
struct conn_history *conn_histories_take(struct conn_histories *t, const struct tcp_conn *c);
/* Gives back a history that was taken. Ignores NULL. */
void conn_histories_give(struct conn_histories *t, struct conn_history *of);
