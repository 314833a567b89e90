/* SPDX-License-Identifier: MIT */
/*
 * conn-key: the ways in which views group connections, and the key that names one group.
 */
#pragma once

#include "tcp/conn.h"
#include "view/view.h"

enum conn_key_by {
	CONN_BY_ITSELF,
	CONN_BY_PEER,	   /* the address of the peer */
	CONN_BY_PROCESS,   /* the process that owns the socket */
	CONN_BY_CONTAINER, /* of the owner; a systemd unit where it is in no container */
	CONN_BY_PORT,	   /* the lower port of both ends, mostly that of the service */
	CONN_BY_LABEL,	   /* the user's name for the peer */
	CONN_BY_N,
};

/* The member that the kind of group uses; all others are 0, padding too. */
struct conn_key {
	uint32_t conn; /* tcp_conn.id; of a main socket of MPTCP that of its first subflow */
	int32_t pid;
	uint16_t port;
	struct ip_addr peer;
	const char *container, *unit; /* see struct owner_cgroup; the unit outside of containers */
	const char *label;	      /* NULL: the peer has none */
};

struct conn_key conn_key_of(enum conn_key_by by, const struct tcp_conn *c,
			    const struct view_context *context);
/* <0, 0, >0: an order of keys that is the same on every machine. */
int conn_key_compare(const struct conn_key *a, const struct conn_key *b);

/* Whether a view can group by labels. -EINVAL, and a fault, if the user has given none. */
int view_needs_labels(const struct view_context *c, struct fault *fault) MUST_CHECK;
