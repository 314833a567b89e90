/* SPDX-License-Identifier: MIT */
/*
 * connect-result: the result of an attempt to connect, in one word, and how long it took. It
 * follows from how the connection ended (track/ending.h).
 */
#pragma once

#include "tcp/conn.h"

enum connect_result {
	CONNECT_OK,
	CONNECT_REFUSED,     /* RST */
	CONNECT_TIMEOUT,     /* the kernel gave up */
	CONNECT_UNREACHABLE, /* ICMP said so */
	CONNECT_ERROR,	     /* another error */
	CONNECT_ABORTED,     /* the process left before */
	CONNECT_PENDING,     /* not over where the tape ends */
	CONNECT_RESULTS,
};
const char *connect_result_name(enum connect_result r);
/* Did the attempt fail by an answer, or by the kernel giving up? An attempt that its process left,
 * or that is not over, has not. */
bool connect_result_is_failure(enum connect_result r);
/* Of a connection with origin CONNECT that has been given out. */
enum connect_result connect_result_of(const struct tcp_conn *c);
/* From SYN to ESTABLISHED, or to the failure; false: not known. */
bool connect_latency(const struct tcp_conn *c, uint64_t *ret_ns);
