/* SPDX-License-Identifier: MIT */
/*
 * sock-diag: asks the kernel about TCP sockets over NETLINK_SOCK_DIAG (linux/inet_diag.h), in the
 * network namespace in which the netlink socket was opened. The kernel answers a request with a
 * dump of all sockets, and sends subscribers a message for each socket that is destroyed
 * (SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET6_TCP_DESTROY; Linux 4.3 and later, without any
 * capability). Every length in a message is checked.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "tracepoint/socket-row.h"

/* A socket of which the kernel tells. */
struct sock_diag_socket {
	struct socket_row row; /* netns, pid and holders are 0 */
	struct socket_detail detail;
	const void *info; /* its struct tcp_info, in the message; NULL: there is none */
	uint32_t info_len;
};

/* Receives one socket, which is borrowed. A return below 0 stops the parser. */
typedef int (*sock_diag_fn)(void *userdata, const struct sock_diag_socket *socket);

/* Bytes of this kernel's struct tcp_info; 0: unknown. */
uint32_t sock_diag_info_len(void);

/* Opens a non-blocking netlink socket for dumps. */
int sock_diag_open(int *ret_fd, struct fault *fault) MUST_CHECK;
/* The same, but -ENODATA where the namespace of the calling thread has no TCP sockets: for a dump
 * the kernel walks through its table of all namespaces' sockets, which takes milliseconds for each
 * namespace that is asked about. */
int sock_diag_open_used(int *ret_fd, struct fault *fault) MUST_CHECK;
/* True if the text of /proc/net/sockstat or sockstat6 says that no TCP socket is in use, nor in
 * TIME_WAIT. */
bool sock_diag_stat_is_empty(const char *text);
/* The sockets in TIME_WAIT by the text of /proc/net/sockstat, those included that are in FIN_WAIT2
 * without being a whole socket any more (tcp_time_wait()); 0: none, or unknown. */
uint32_t sock_diag_stat_time_waits(const char *text);
/* The same of a network namespace; dir is such as "/proc/17/net". */
uint32_t sock_diag_time_waits(const char *dir);
/* Asks for a dump of one family (AF_INET, AF_INET6) or of both (AF_UNSPEC, which a kernel may
 * refuse), with the sockets in TIME_WAIT or without. The answer to an earlier request must have
 * been read. */
int sock_diag_ask(int fd, uint8_t family, bool with_time_waits, struct fault *fault) MUST_CHECK;

/* Size of the receive buffer, for a burst of closing sockets: each message takes about 1.3 KiB. */
#define SOCK_DIAG_RECEIVE_BYTES (16 << 20)

/* Opens a non-blocking netlink socket that receives the messages about destroyed sockets. */
int sock_diag_subscribe(int *ret_fd, struct fault *fault) MUST_CHECK;
/* The same, but it receives none before sock_diag_hear(). */
int sock_diag_open_deaf(int *ret_fd, struct fault *fault) MUST_CHECK;
/* Begins to receive messages about sockets that are destroyed from now on, or ends that. Without a
 * receiver in its namespace a destroyed socket costs the kernel nothing. Messages that have come
 * stay. */
int sock_diag_hear(int fd, bool is_on, struct fault *fault);

#define SOCK_DIAG_BYTES 65536u /* size of a buffer that holds any one datagram of a dump */

/* A message about one socket has at least so many bytes: its header and a struct inet_diag_msg. */
#define SOCK_DIAG_SOCKET_BYTES_MIN 88u

enum sock_diag_end {
	SOCK_DIAG_MORE,	       /* more of the dump is to come */
	SOCK_DIAG_DONE,	       /* the dump is complete */
	SOCK_DIAG_INTERRUPTED, /* the dump has ended, but the table changed meanwhile
				* (NLM_F_DUMP_INTR): sockets may be missing */
};

/* Calls fn for each TCP socket in one datagram. Returns 0; -EBADMSG: the datagram is damaged; the
 * -errno of the kernel's NLMSG_ERROR; or the first return of fn below 0. */
int sock_diag_parse(const void *data, size_t len, sock_diag_fn fn, void *userdata,
		    enum sock_diag_end *ret_end) MUST_CHECK;
