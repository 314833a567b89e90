/* SPDX-License-Identifier: MIT */
/*
 * sock-diag-ask: requests of NETLINK_SOCK_DIAG for some of a namespace's sockets, whose answers
 * cost little: all listeners; all connections in short, without figures; and connections that are
 * named by their ends, with all that the kernel tells. sock_diag_parse() reads the answers.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

/* Asks for a dump of the sockets of both families in some states (bits of 1 << state), with some
 * attributes (bits of INET_DIAG_*, as idiag_ext has them). The older request dumps both families,
 * whatever family it names (inet_diag_dump_compat of net/ipv4/inet_diag.c), so the kernel walks
 * through its table once instead of twice. 0 or -errno. */
int sock_diag_ask_both(int fd, uint32_t states, uint8_t attributes) MUST_CHECK;
/* Asks for a dump of the listeners of both families. The kernel does not walk through its table of
 * connections. 0 or -errno. */
int sock_diag_ask_listeners(int fd) MUST_CHECK;
/* Asks for a dump of the connections that may have data to send, without tcp_info. 0 or -errno. */
int sock_diag_ask_senders(int fd) MUST_CHECK;

/* The two ends of a connection. An IPv4 address is mapped (::ffff:a.b.c.d). */
struct sock_diag_ends {
	uint8_t source[16], destination[16];
	uint16_t sport, dport; /* host order */
};

struct sock_diag_query {
	const struct sock_diag_ends *ends;
	uint64_t cookie; /* 0: any socket with these ends */
	uint32_t sequence;
};

/* The most queries of one request. The answers fit into the receive buffer that a netlink socket
 * has from the start. */
#define SOCK_DIAG_QUERIES_MAX 64u

/* Sends queries in one request. The kernel answers at once, with a datagram for each: the socket,
 * or an error where it has none. It may answer with the listener at the local end. 0 or -errno. */
int sock_diag_query(int fd, const struct sock_diag_query *queries, size_t n) MUST_CHECK;
/* The number of the query that a datagram answers; 0: it is too short. */
uint32_t sock_diag_sequence(const void *data, size_t len);
