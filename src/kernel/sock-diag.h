/* SPDX-License-Identifier: MIT */
/*
 * sock-diag: what the kernel tells of TCP sockets over NETLINK_SOCK_DIAG (linux/inet_diag.h), in
 * the network namespace in which the netlink socket was opened: a table of all of them, and a
 * message for each that is gone (SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET6_TCP_DESTROY; from 4.3 on,
 * no capability needed). Messages are parsed from bytes; every length in them is checked.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "tracepoint/socket-row.h"

/* One socket. row has no netns, pid and holders; info is its struct tcp_info, NULL without. */
typedef int (*sock_diag_fn)(void *userdata, const struct socket_row *row, const void *info,
			    uint32_t info_len);

/* Bytes of this kernel's struct tcp_info; 0: it does not say. */
uint32_t sock_diag_info_len(void);

/* A netlink socket for tables, non-blocking. */
int sock_diag_open(int *ret_fd, struct fault *fault) MUST_CHECK;
/* Asks for the table of one family (AF_INET, AF_INET6) or both (AF_UNSPEC; not every kernel has to
 * know that). The answer before must have been read. */
int sock_diag_ask(int fd, uint8_t family, struct fault *fault) MUST_CHECK;

/* A netlink socket for the messages about sockets that are gone, non-blocking. */
int sock_diag_subscribe(int *ret_fd, struct fault *fault) MUST_CHECK;

#define SOCK_DIAG_BYTES 65536u /* for one piece of an answer */

enum sock_diag_end {
	SOCK_DIAG_MORE,	       /* of the answer is to come */
	SOCK_DIAG_DONE,	       /* it is complete */
	SOCK_DIAG_INTERRUPTED, /* complete, but the table changed so much that some may be missing */
};

/* The sockets in one datagram. 0; -EBADMSG; the kernel's refusal; what fn returned below 0. */
int sock_diag_parse(const void *data, size_t len, sock_diag_fn fn, void *userdata,
		    enum sock_diag_end *ret_end) MUST_CHECK;
