/* SPDX-License-Identifier: MIT */
/*
 * socket-dumper: reads the kernel's table of TCP sockets in every network namespace, one after the
 * other. Each step reads one datagram, so that the rings are not kept waiting. A namespace whose
 * dump fails never fails the recording: the last row of the dump says in how many it failed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "record/socket-rows.h"

/* The netlink sockets that are open in one namespace. */
struct socket_space {
	uint32_t netns; /* its inode */
	int table;	/* for dumps; -1: could not be opened */
	/* For messages about destroyed sockets; -1: could not be opened, or messages are not
	 * wanted. */
	int destroy;
};

struct socket_dumper {
	bool is_running;
	enum socket_dump kind; /* SOCKET_DUMP_START or _END */
	size_t space;	       /* index of the namespace that is dumped */
	unsigned int family;   /* the family that is asked for, an index into a list */
	bool is_asked;	       /* a request was sent, and its answer is not complete */
	uint32_t n_failed;     /* namespaces of which sockets are missing */
};

void socket_dumper_begin(struct socket_dumper *d, enum socket_dump kind);
/*
 * Does one step. buffer has SOCK_DIAG_BYTES. Namespaces may be appended between two steps. Returns
 * 1: the next step may follow at once; 0: no datagram has arrived, no batch is free, or the dump
 * has ended (is_running is false then); or -ENOMEM.
 */
int socket_dumper_step(struct socket_dumper *d, const struct socket_space *spaces, size_t n_spaces,
		       struct socket_rows *rows, uint8_t *buffer) MUST_CHECK;
