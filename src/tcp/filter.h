/* SPDX-License-Identifier: MIT */
/*
 * filter: which events a view is shown. Pure: what it decides depends on the event alone. All
 * conditions must hold; an event that does not say what a condition asks for does not pass it.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "tcp/conn.h"
#include "tcp/event.h"

struct filter_ports {
	uint16_t *ports;
	size_t n;
};

struct filter_prefixes {
	struct ip_prefix *prefixes;
	size_t n;
};

struct filter_pids {
	int32_t *pids;
	size_t n;
};

struct filter_names {
	const char **names;
	size_t n;
};

/* {0} lets everything through. */
struct event_filter {
	struct filter_ports port;	 /* either end */
	struct filter_ports lport;	 /* this host's end */
	struct filter_ports rport;	 /* the other end */
	struct filter_prefixes addrs;	 /* either end; v4-mapped addresses are IPv4 */
	uint8_t family;			 /* 4, 6; 0: both */
	struct filter_pids pids;	 /* the socket's owner */
	struct filter_names comms;	 /* the owner's name, exactly */
	const struct event_filter *also; /* NULL, or another that must be passed, too */
};

bool event_filter_passes(const struct event_filter *f, const struct tcp_event *e);
/* Does it let everything through? */
bool event_filter_is_empty(const struct event_filter *f);
/* The same for a connection: its endpoints, family and owner. */
bool event_filter_passes_conn(const struct event_filter *f, const struct tcp_conn *c);

/* Each adds one comma-separated list to what is there, in memory of the arena. 0, -EINVAL,
 * -ENOMEM. */
int filter_ports_add(struct filter_ports *p, const char *list, struct arena *arena) MUST_CHECK;
int filter_prefixes_add(struct filter_prefixes *p, const char *list,
			struct arena *arena) MUST_CHECK;
int filter_pids_add(struct filter_pids *p, const char *list, struct arena *arena) MUST_CHECK;
int filter_names_add(struct filter_names *p, const char *list, struct arena *arena) MUST_CHECK;
