/* SPDX-License-Identifier: MIT */
/*
 * socket-dumper: reads the kernel's table of TCP sockets in every network namespace, one after the
 * other, a datagram per step, so that the rings need not wait for it. A dump that fails in a
 * namespace never fails the recording: the row at its end tells how many failed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "record/socket-rows.h"

/* The netlink sockets that are open in one namespace. */
struct socket_space {
	uint32_t netns; /* its inode */
	int table;	/* for dumps; -1: it could not be opened */
	/* For messages about destroyed sockets; -1: it could not be opened, or they are not
	 * wanted. */
	int destroy;
};

struct socket_dumper {
	bool is_running;
	enum socket_dump kind; /* SOCKET_DUMP_START or _END */
	size_t space;	       /* the namespace that is asked */
	unsigned int family;   /* the family that is asked for, an index into a list */
	bool is_asked;	       /* a request was sent, and its answer is not complete */
	uint32_t n_failed;     /* namespaces of which sockets are missing */
};

void socket_dumper_begin(struct socket_dumper *d, enum socket_dump kind);
/*
 * One step. buffer has SOCK_DIAG_BYTES. Namespaces may be appended between two steps. Returns 1:
 * go on; 0: nothing can be had for now, or the dump has ended (is_running); -EBUSY or -ENOMEM.
 */
int socket_dumper_step(struct socket_dumper *d, const struct socket_space *spaces, size_t n_spaces,
		       struct socket_rows *rows, uint8_t *buffer) MUST_CHECK;
