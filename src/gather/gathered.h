/* SPDX-License-Identifier: MIT */
/*
 * gathered: everything that a report rests on, gathered from a tape in one pass and bounded memory:
 * sums over all and per peer, network, port, destination and process, a timeline, and the
 * connections that something happened to. It judges nothing: detectors do.
 */
#pragma once

#include "base/arena.h"
#include "base/groups.h"
#include "gather/group-by.h"
#include "gather/worst-conns.h"
#include "gather/timeline.h"
#include "gather/conn-history.h"
#include "view/view.h"

/* A port of this host at which connections come in. */
struct gathered_listener {
	uint16_t port; /* the key */
	struct endpoint at;
	uint64_t by_timer;  /* SYN-ACKs sent again because nothing came back */
	uint64_t by_repeat; /* because the peer repeated its SYN: it did not get the first one */
	uint64_t half_open; /* handshakes that were not completed */
	uint64_t slow;	    /* completed after SYN-ACKs sent again */
	uint64_t first_ns, last_ns; /* of the SYN-ACKs */
};

/* One listener of the socket table: how many connections waited for accept(), when most did. */
struct gathered_queue {
	struct {
		uint32_t netns;
		uint16_t port;
		uint16_t zero;
	} key;
	struct endpoint at;
	uint64_t waiting, limit;
	/* By the filter; one for any address is when it serves connections that are. */
	bool is_wanted;
};

/* Retransmit attempts that failed, by the error. */
struct gathered_failure {
	int32_t err; /* the key: as the kernel gives it, negative errno or positive NET_XMIT code */
	uint64_t n;
	uint64_t first_ns, last_ns;
};

/* RSTs of one kind, between this host and one peer, at one port. */
struct gathered_reset_key {
	uint8_t direction, kind, is_served;
	uint16_t port;
	struct ip_addr addr;
	char reason[48];
};

struct gathered_reset {
	struct gathered_reset_key key;
	uint64_t n;
	uint64_t first_ns, last_ns;
};

/* What happened in a second: for what many peers have in common. */
struct gathered_second {
	uint32_t retrans;
	uint32_t late;	/* of these: timeouts, and what is sent again behind them */
	uint32_t peers; /* to which something was sent again */
	uint32_t most;	/* to one of them */
};

/* A connection whose peer, or whose own process, keeps its window shut. */
struct zero_window {
	struct conn_subject subject; /* comm: NULL */
	bool is_ours;		     /* the process here does not read */
	bool is_open_end;	     /* the window was shut where the tape ends */
	uint64_t limited_us;	     /* time that the sender waited for the window */
	uint64_t waiting_bytes;
	uint64_t from_ns, to_ns; /* it lived, as far as is known */
};
#define ZERO_WINDOWS_MAX 64u

struct gathered_pressure {
	uint64_t n;
	uint64_t first_ns, last_ns;
};

struct gathered {
	const struct view_context *context;
	uint64_t from_ns, to_ns; /* of what was looked at; from the first and to the last event */
	uint64_t n_events;
	struct counters total;
	struct groups groups[GROUP_BY_N];
	uint64_t n_ungrouped[GROUP_BY_N]; /* things of groups that there was no room for */
	struct groups listeners, queues, failures, resets;
	struct timeline timeline;
	struct gathered_second *seconds;
	size_t n_seconds;
	struct conn_histories conn_histories;
	struct worst_conns worst_conns;
	uint64_t n_stalled, n_stalled_open, n_stalled_dead; /* connections, by runs of timeouts */
	struct gathered_pressure exceeded, queue_full;	    /* sock_exceed_buf_limit, ... */
	struct zero_window zero_windows[ZERO_WINDOWS_MAX];
	uint64_t n_zero_windows;
	struct map bases; /* socket cookie to struct base: figures of the table at the start */
	struct arena arena;
	uint8_t is_listening[65536 / 8];
	bool has_start_table; /* and it was whole: a socket that is not in it came later */
};

/* The state is a struct incident; it writes no rows. */
extern const struct view gather_view;

/* The sets of counters that a subject counts in: the total, and one for each group that it belongs
 * to. */
struct counter_sets {
	struct counters *items[GROUP_BY_N + 1]; /* the total comes first */
	size_t n;
	struct conn_group *peer;      /* the group of the subject's peer; NULL: none */
	struct counters *destination; /* the set of the destination that was called; NULL: none */
};

/* Makes groups that are not there yet, up to a limit. 0 or -ENOMEM. */
int gathered_sets_of(struct gathered *in, const struct conn_subject *s,
		     struct counter_sets *ret) MUST_CHECK;
bool gathered_is_listening(const struct gathered *in, uint16_t port);
