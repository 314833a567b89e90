/* SPDX-License-Identifier: MIT */
/*
 * filter: which events and connections are meant. All conditions must hold; an event in which a
 * part is not known does not pass a condition on that part.
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

/* {0} is an empty filter: everything passes. */
struct event_filter {
	struct filter_ports port;	 /* of either end */
	struct filter_ports lport;	 /* of this host's end */
	struct filter_ports rport;	 /* of the other end */
	struct filter_prefixes addrs;	 /* of either end; v4-mapped addresses are IPv4 */
	uint8_t family;			 /* 4, 6; 0: both */
	struct filter_pids pids;	 /* of the socket's owner */
	struct filter_names comms;	 /* of the owner, compared exactly */
	const struct event_filter *also; /* NULL, or another filter that must pass, too */
};

bool event_filter_passes(const struct event_filter *f, const struct tcp_event *e);
/* Whether the filter has no condition. */
bool event_filter_is_empty(const struct event_filter *f);
/* Whether a connection passes: by its endpoints, family and owner. */
bool event_filter_passes_conn(const struct event_filter *f, const struct tcp_conn *c);

/* Each adds a comma-separated list to the condition, in memory of the arena. 0, -EINVAL,
 * -ENOMEM. */
int filter_ports_add(struct filter_ports *p, const char *list, struct arena *arena) MUST_CHECK;
int filter_prefixes_add(struct filter_prefixes *p, const char *list,
			struct arena *arena) MUST_CHECK;
int filter_pids_add(struct filter_pids *p, const char *list, struct arena *arena) MUST_CHECK;
int filter_names_add(struct filter_names *p, const char *list, struct arena *arena) MUST_CHECK;
