/* SPDX-License-Identifier: MIT */
/*
 * conn-pick: the connection that a user names: by its two ends, by one end, by the id or cookie of
 * its socket, or by its number on the tape. Several connections of a tape may have the same name,
 * because ports and the ids of sockets are used again.
 */
#pragma once

#include "base/fault.h"
#include "tcp/conn.h"

enum conn_pick_by {
	CONN_PICK_ANY, /* every connection */
	CONN_PICK_ENDS,
	CONN_PICK_END,
	CONN_PICK_SK,
	CONN_PICK_COOKIE,
	CONN_PICK_NUMBER,
};

struct conn_pick {
	enum conn_pick_by by;
	struct endpoint ends[2]; /* ENDS: both; END: the first */
	uint64_t id;		 /* SK, COOKIE: tcp_conn.sk, .cookie; NUMBER: tcp_conn.id */
};

enum conn_pick_fit {
	CONN_PICK_NOT,
	CONN_PICK_TURNED, /* it is the connection, but the end named first is the remote one */
	CONN_PICK_FITS,
};

/* Parses "10.0.0.1:5001-10.0.0.2:80" or one end of it; an IPv6 address is in brackets. 0, or
 * -EINVAL and a fault. */
int conn_pick_parse(const char *s, struct conn_pick *ret, struct fault *fault) MUST_CHECK;
/* Parses one end, as above. */
int endpoint_parse(const char *s, struct endpoint *ret) MUST_CHECK;
/* Whether c, as far as it is known by now, is the one that is named. */
enum conn_pick_fit conn_pick_fit(const struct conn_pick *p, const struct tcp_conn *c);
/* Appends the name as a user would type it: a tuple, "--sk 0x1f", ...; nothing for ANY. */
void conn_pick_text(const struct conn_pick *p, struct text *t);
