/* SPDX-License-Identifier: MIT */
/*
 * soft-errors: the ICMP errors that sockets got while they tried to connect, and that did not end
 * the attempt. The kernel announces them by an error report of 0 (ip_icmp_error, from 5.19 on),
 * which names the endpoints, but not the socket. The table has a fixed size: an older report may be
 * overwritten.
 */
#pragma once

#include "base/cleanup.h"
#include "tcp/conn.h"
#include "tcp/event.h"

#define SOFT_ERRORS 1024u

struct soft_error {
	struct endpoint local, remote;
	uint64_t ts_ns; /* 0: the place is free */
};

struct soft_errors {
	struct soft_error *items; /* SOFT_ERRORS of them; NULL: there was none yet */
};

void soft_errors_done(struct soft_errors *s);
/* Takes e, an error report of 0. 0 or -ENOMEM. */
int soft_errors_add(struct soft_errors *s, const struct tcp_event *e) MUST_CHECK;
/* The time of the last report with the endpoints of c, since c began. 0: there was none. */
uint64_t soft_errors_find(const struct soft_errors *s, const struct tcp_conn *c);
