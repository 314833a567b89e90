/* SPDX-License-Identifier: MIT */
/*
 * sockets: what sock_diag says during a recording, as rows (tracepoint/socket-row.h): the table at the
 * start, the last word on every socket that is gone, the table at the end; in every network
 * namespace that we may enter. Nothing here ever fails a recording: what cannot be had is counted
 * and said.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/netns.h"
#include "kernel/socket-holders.h"
#include "record/drain.h"
#include "tracepoint/socket-row.h"

/* What is open in one namespace. */
struct socket_space {
	uint32_t netns;
	int table;   /* netlink socket for tables; -1: we may not */
	int destroy; /* and for what is gone; -1: we may not, or do not want to know */
};

struct sockets {
	struct drain *drain; /* borrowed */
	struct netns_list names;
	struct socket_space *spaces; /* same order as names */
	size_t n_spaces;
	size_t n_missed; /* of these, that we could not enter */
	struct socket_holders holders;
	struct synthetic_rows made;
	uint16_t tracepoint_table, tracepoint_destroy; /* indices */
	uint16_t row_len;
	uint8_t *row;	 /* being made */
	uint8_t *buffer; /* for messages */

	/* The table that is being read. */
	bool is_listing;
	enum socket_dump listing;
	size_t space; /* which one is asked */
	int family;   /* for which */
	bool is_asked;
	uint32_t n_failed; /* namespaces whose table is not whole */

	uint64_t n_overruns; /* times that messages were lost for want of room */
};

/* Enters all namespaces; subscribes there to what is gone, if wanted. -ENOTRECOVERABLE and -ENOMEM
 * fail. */
int sockets_open(struct sockets *s, const struct synthetic_rows *made,
		 struct fault *fault) MUST_CHECK;
void sockets_done(struct sockets *s);

/* Behind sockets_open, before the events are enabled: looks who holds what, for the table that
 * sockets_turn then brings piece by piece. */
int sockets_begin(struct sockets *s, struct drain *d, const struct tracepoints *t,
		  struct fault *fault) MUST_CHECK;
/* After a complete drain: takes what has come. 0 or -errno. */
int sockets_turn(struct sockets *s, struct fault *fault) MUST_CHECK;
/* More of the table is to come: do not sleep. */
static inline bool sockets_is_busy(const struct sockets *s)
{
	return s->is_listing;
}
/* Namespaces that have appeared meanwhile. */
int sockets_look_again(struct sockets *s, struct fault *fault) MUST_CHECK;
/* The events are off and the rings empty: the rest, and the table at the end. */
int sockets_finish(struct sockets *s, struct fault *fault) MUST_CHECK;
