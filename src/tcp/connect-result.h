/* SPDX-License-Identifier: MIT */
/*
 * connect-result: the result of an attempt to connect, in one word, and how long it took. The
 * tracker knows how a connection ended (track/ending.h); the result is what that means to the
 * process that called connect().
 */
#pragma once

#include "tcp/conn.h"

enum connect_result {
	CONNECT_OK,
	CONNECT_REFUSED,     /* the peer answered with a RST */
	CONNECT_TIMEOUT,     /* the kernel gave up */
	CONNECT_UNREACHABLE, /* an ICMP error ended it */
	CONNECT_ERROR,	     /* another error */
	CONNECT_ABORTED,     /* the process closed the socket before there was a result */
	CONNECT_PENDING,     /* still going on where the tape ends */
	CONNECT_RESULTS,
};
const char *connect_result_name(enum connect_result r);
/* Whether the attempt failed: by an answer, an error or a timeout. An attempt that its process
 * aborted, or that is pending, has not failed. */
bool connect_result_is_failure(enum connect_result r);
/* The result of a connection with origin CONNECT that the tracker emits. */
enum connect_result connect_result_of(const struct tcp_conn *c);
/* The time from SYN to ESTABLISHED, or to the end of a failed attempt. False: it is not known. */
bool connect_latency(const struct tcp_conn *c, uint64_t *ret_ns);
