/* SPDX-License-Identifier: MIT */
/*
 * subflow: a TCP socket that carries a part of a connection of Multipath TCP (RFC 8684). The
 * program's own socket is the main socket, of protocol MPTCP: it has no segments of its own. The
 * kernel makes the subflows: the first one in the program's call of connect(), or when a peer
 * connects; further ones over other pairs of addresses, whenever it likes.
 */
#pragma once

#include <stddef.h>

/* The numbers are those of `subflow` in rows of sock_diag. */
enum tcp_subflow {
	TCP_SUBFLOW_NONE,  /* none, or nothing says that it is one */
	TCP_SUBFLOW_FIRST, /* made with MP_CAPABLE */
	TCP_SUBFLOW_JOIN,  /* a further one, made with MP_JOIN */
	TCP_SUBFLOW_SOME,  /* a subflow; which kind is not known */
	TCP_SUBFLOW_N,
};

/* "first", "join", "some"; NULL for NONE. */
const char *tcp_subflow_name(enum tcp_subflow s);

/* What the call chain of a change of state of a socket of protocol TCP says. frames[0] is the
 * innermost frame; a frame without a symbol is NULL and is skipped. The chain is read up to the
 * first frame of an interrupt, as in tcp/cause.h. */
enum tcp_subflow tcp_subflow_of_chain(const char *const *frames, size_t n_frames);
