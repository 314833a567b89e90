/* SPDX-License-Identifier: MIT */
/*
 * sockets: records the TCP sockets of every network namespace that we may enter, by sock_diag: a
 * dump of all sockets at the start, the last tcp_info of every socket that is destroyed, and a dump
 * at the end. Namespaces and messages that cannot be read never fail a recording: they are counted
 * and reported to the user.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "record/drain.h"
#include "record/socket-dumper.h"
#include "record/socket-finals.h"
#include "record/socket-rows.h"
#include "record/socket-spaces.h"

/* {0} is valid, and records nothing. */
struct sockets {
	struct socket_rows rows;
	struct socket_dumper dumper;
	struct socket_spaces spaces;
	struct socket_finals finals;
	/* How dumps open their netlink sockets; userdata is the struct itself. */
	socket_dumper_open_fn open_table;
	bool is_given_up; /* a signal has ended the dump at the end */
	uint8_t *buffer;  /* for received messages */
};

/* Finds all namespaces, and opens there what messages about destroyed sockets need if those are
 * wanted. Fails with
 * -ENOTRECOVERABLE (netns_open()) and -ENOMEM only. */
int sockets_open(struct sockets *s, const struct synthetic_rows *synthetic,
		 struct fault *fault) MUST_CHECK;
void sockets_done(struct sockets *s);

/* Finds out which process holds which socket, and begins the first dump, which sockets_turn() then
 * reads piece by piece. Called after sockets_open(), before the events are enabled. */
int sockets_begin(struct sockets *s, struct drain *d, const struct tracepoints *t,
		  struct fault *fault) MUST_CHECK;
/* Reads the messages and datagrams that have arrived. Called after a complete drain. 0 or
 * -errno. */
int sockets_turn(struct sockets *s, struct fault *fault) MUST_CHECK;
/* True while a dump is not complete: the caller should not sleep. */
static inline bool sockets_is_busy(const struct sockets *s)
{
	return s->dumper.is_running;
}
/* Finds the namespaces that have appeared since the last call, and forgets those that are gone. */
int sockets_look_again(struct sockets *s, struct fault *fault) MUST_CHECK;
/* Reads the last messages and the dump at the end. Called after the events are disabled and the
 * rings are empty. A signal that arrives at the descriptor (-1: none), SIGCHLD aside, gives up the
 * rest of the dump. */
int sockets_finish(struct sockets *s, int signals, struct fault *fault) MUST_CHECK;
