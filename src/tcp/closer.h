/* SPDX-License-Identifier: MIT */
/*
 * closer: who ended an attempt to connect, by the call chain of its change from SYN_SENT to CLOSE.
 */
#pragma once

#include <stddef.h>

enum tcp_closer {
	TCP_CLOSER_UNKNOWN,
	TCP_CLOSER_CONNECT, /* connect() itself failed on this host (tcp_v4_connect) */
	TCP_CLOSER_PROCESS, /* its process: close(), shutdown(), or connect() to AF_UNSPEC */
	TCP_CLOSER_EXIT,    /* its process ended, and the kernel closed its sockets */
	TCP_CLOSER_ADMIN,   /* somebody destroyed the socket: ss -K (tcp_abort) */
	TCP_CLOSER_KERNEL,  /* a segment, an ICMP error or a timer */
};

/* frames[0] is the innermost frame; a frame without a symbol is NULL and is skipped. The chain is
 * read up to the first frame of an interrupt, as in tcp/cause.h. */
enum tcp_closer tcp_closer_of_chain(const char *const *frames, size_t n_frames);
