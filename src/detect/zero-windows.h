/* SPDX-License-Identifier: MIT */
/*
 * zero-windows: connections whose receive window was zero or nearly so, by the kernel's figures.
 */
#pragma once

#include "base/groups.h"
#include "detect/whose.h"
#include "gather/ends.h"
#include "gather/gather-part.h"

/* The initial window of RFC 6928: segments that even a new connection may send at once. */
#define ZERO_WINDOW_SEGMENTS 10u
/* A connection waited for a window for so long, at least, before that matters. */
#define ZERO_WINDOW_LIMITED_US_MIN 1000000u

/* A round trip of so many microseconds, at least, is a long way. */
#define SMALL_WINDOW_RTT_US_MIN 5000u

/* A connection whose receive window, the peer's or this host's, is zero or nearly so. */
struct zero_window {
	uint32_t conn; /* the key: tcp_conn.id */
	bool is_found; /* the window was the trouble, and not only zero at the start */
	bool is_older; /* the window was zero when the recording began */
	bool is_ours;  /* this host's window: the process here does not read */
	/* The peer's window is small, but it is open and used in full: its receive buffer is too
	 * small for the way, and the process there reads. */
	bool is_small;
	uint64_t window_bytes, rtt_us; /* of such a one: its window, and the round trip */
	bool is_at_end;		       /* the window was zero where the tape ends */
	uint8_t ending;		       /* enum tcp_ending, once the connection is over */
	struct whose whose;
	struct endpoint remote;
	uint64_t limited_us;	/* how long the sender waited for the window */
	uint64_t waiting_bytes; /* data that was waiting at the end */
	uint64_t from_ns, to_ns;
	/* The samples that found the window shut: how many, the first and the last. */
	uint64_t n_shut, shut_from_ns, shut_to_ns;
};

struct zero_windows {
	struct groups items; /* of struct zero_window */
	uint64_t n_more[2];  /* without room in `items`: WINDOW_THEIRS and WINDOW_OURS */
};

void zero_windows_init(struct zero_windows *zs);
void zero_windows_done(struct zero_windows *zs);

/* Notes a window that was zero when the recording began: e is a socket of the first dump. */
int zero_windows_note_before(struct zero_windows *zs, const struct tcp_event *e) MUST_CHECK;
/* Notes whether a sample shows a window to be shut. */
int zero_windows_sample(struct zero_windows *zs, const struct tcp_event *e) MUST_CHECK;
/* Notes what the latest figures of a connection say of both windows: g has a growth. */
int zero_windows_note(struct zero_windows *zs, const struct gathered *in,
		      const struct gather_event *g) MUST_CHECK;
/*
 * Notes what became of a connection, which decides whether its reader was slow: where nobody
 * answered the probes until the kernel gave up, the peer was gone (detect/stalled.c).
 */
void zero_windows_end(struct zero_windows *zs, const struct gathered *in, const struct tcp_conn *c,
		      const struct conn_history *history);

/* The windows that one finding reports together. */
enum window_fault {
	WINDOW_THEIRS, /* the peer's, whose process does not read */
	WINDOW_OURS,   /* this host's, whose process does not read */
	WINDOW_SMALL,  /* the peer's, whose buffer is small */
	WINDOW_FAULTS,
};
struct zero_window_sum {
	uint64_t n, n_twins, at_end, older, limited_us, waiting_bytes;
	const struct zero_window *worst;
};
struct zero_window_sum zero_windows_sum(const struct zero_windows *zs, const struct ends *ends,
					enum window_fault fault);
