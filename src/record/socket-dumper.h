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
#include "record/socket-spaces.h"
#include "record/time-waits.h"

/* More sockets in TIME_WAIT than these are not asked for, only their number is told: each takes the
 * kernel and the recorder a microsecond, and who had opened them is on the tape, as events. */
#define SOCKET_DUMPER_TIME_WAITS_MAX 8192u

/* Opens a netlink socket for a dump in a namespace. *ret_time_waits: the sockets in TIME_WAIT
 * there, 0 if that is not known. 0; -ESTALE: the namespace is gone; -ENODATA: it has no sockets;
 * -ENOTRECOVERABLE: the thread must not go on (netns_open()); another -errno: it cannot be had. */
typedef int (*socket_dumper_open_fn)(void *userdata, size_t space, int *ret_fd,
				     uint32_t *ret_time_waits);

struct socket_dumper {
	socket_dumper_open_fn open;
	void *userdata;
	bool is_running;
	bool has_table; /* table is open, in the namespace that is dumped */
	int table;
	enum socket_dump kind; /* SOCKET_DUMP_START or _END */
	size_t space;	       /* index of the namespace that is dumped */
	unsigned int family;   /* the family that is asked for, an index into a list */
	bool is_asked;	       /* a request was sent, and its answer is not complete */
	uint32_t n_failed;     /* namespaces of which sockets are missing */
	bool is_counted;       /* everything was asked for; the rows of time_waits are to come */
	bool is_whole;	       /* if is_counted: no answer failed */
	uint32_t n_unlisted;   /* sockets in TIME_WAIT that are not asked for; 0: none */
	struct time_waits time_waits; /* of the namespace that is dumped */
};

/* d is {0}, or an earlier dumper, whose dump is given up if it is not complete: the rest of its
 * answer goes with its netlink socket. */
void socket_dumper_begin(struct socket_dumper *d, enum socket_dump kind, socket_dumper_open_fn open,
			 void *userdata);
void socket_dumper_done(struct socket_dumper *d);
/*
 * Does one step. buffer has SOCK_DIAG_BYTES. Namespaces
 * may be appended between two steps. Returns 1: the next step may follow at once; 0: no datagram
 * has arrived, no batch is free, or the dump has ended (is_running is false then); -ENOMEM; or
 * -ENOTRECOVERABLE.
 */
int socket_dumper_step(struct socket_dumper *d, const struct socket_space *spaces, size_t n_spaces,
		       struct socket_rows *rows, uint8_t *buffer) MUST_CHECK;
