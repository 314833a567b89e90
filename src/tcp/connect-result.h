/* SPDX-License-Identifier: MIT */
/*
 * connect-result: the result of an attempt to connect, in one word, why, and how long it took. The
 * tracker knows how a connection ended (track/ending.h); the result is what that means to the
 * process that called connect().
 */
#pragma once

#include "tcp/conn.h"

enum connect_result {
	CONNECT_OK,
	CONNECT_REFUSED, /* the peer answered with a RST, or ICMP said that the port is closed */
	CONNECT_RESET,	 /* a RST came after the SYN was answered (simultaneous open) */
	CONNECT_TIMEOUT, /* the kernel gave up */
	CONNECT_UNREACHABLE, /* an ICMP error ended it */
	CONNECT_LOCAL,	     /* connect() failed on this host: no local port, or no way to send */
	CONNECT_ERROR,	     /* another error */
	CONNECT_ABORTED,     /* the process closed the socket before there was a result */
	CONNECT_SUPERSEDED,  /* the same, because it had connected to another address */
	CONNECT_PENDING,     /* still going on where the tape ends */
	CONNECT_UNSEEN,	     /* over, but how it ended is not on the tape */
	/* The kernel's own attempts to add a subflow to an MPTCP connection. The connection lives
	 * on whatever becomes of them, and its process does not see them. */
	CONNECT_JOINED,
	CONNECT_NOT_JOINED, /* it failed, or has no answer yet */
	CONNECT_RESULTS,
};

/*
 * Milliseconds without an answer after which an attempt that goes on counts as failing: a SYN is
 * retransmitted after a second (RFC 6298, 2.1), even if that event is not on the tape.
 */
#define CONNECT_OVERDUE_MS 1000u

const char *connect_result_name(enum connect_result r);
/* Whether an attempt with this result is over and has failed. */
bool connect_result_is_failure(enum connect_result r);
/* The result of an attempt to connect that the tracker emits. */
enum connect_result connect_result_of(const struct tcp_conn *c);
/* Why it had that result, in a few words; NULL: there is no more to say. */
const char *connect_why(const struct tcp_conn *c, enum connect_result r);
/* Whether the attempt goes on without an answer although one is due. */
bool connect_is_overdue(const struct tcp_conn *c, enum connect_result r);
/* Whether the attempt has failed, or is overdue. This is what every output counts as a failure. */
bool connect_has_failed(const struct tcp_conn *c, enum connect_result r);
/* Whether no answer of any kind came to the SYNs of a failed attempt. */
bool connect_is_unanswered(const struct tcp_conn *c, enum connect_result r);
/* Whether none of its SYNs is known to have left this host: a firewall here dropped them. */
bool connect_is_unsent(const struct tcp_conn *c);
/* SYNs retransmitted, also before the recording began. */
uint32_t connect_syns(const struct tcp_conn *c);
/* The time from SYN to ESTABLISHED, or to the end of a failed attempt. False: it is not known. */
bool connect_latency(const struct tcp_conn *c, uint64_t *ret_ns);
