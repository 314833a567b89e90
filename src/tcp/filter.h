/* SPDX-License-Identifier: MIT */
/*
 * filter: which events and connections a view gets. An event passes if it meets all conditions; an
 * event that lacks the field that a condition is about does not meet it. The answer depends on the
 * event alone, not on earlier events.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "tcp/conn.h"
#include "tcp/event.h"
#include "tcp/labels.h"

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

/* The conditions; those that are empty always hold. {0} passes everything. */
struct event_filter {
	struct filter_ports port;	  /* port of either end */
	struct filter_ports lport;	  /* port of this host's end */
	struct filter_ports rport;	  /* port of the peer's end */
	struct filter_prefixes addrs;	  /* address of either end; v4-mapped addresses are IPv4 */
	uint8_t family;			  /* 4, 6; 0: both */
	struct filter_pids pids;	  /* process that owns the socket */
	struct filter_names comms;	  /* exact name of that process */
	struct filter_names labels;	  /* name of either end by `label_names` */
	const struct labels *label_names; /* NULL: there are none */
	const struct event_filter *also;  /* another filter that must be passed, too; or NULL */
};

bool event_filter_passes(const struct event_filter *f, const struct tcp_event *e);
/* Whether the filter has no condition, so that everything passes. */
bool event_filter_is_empty(const struct event_filter *f);
/* Whether a connection passes, by its endpoints, family and owner. */
bool event_filter_passes_conn(const struct event_filter *f, const struct tcp_conn *c);

/* Each of these appends the entries of one comma-separated list, in memory of the arena. An entry
 * that is empty or not valid gives -EINVAL. 0, -EINVAL, -ENOMEM. */
int filter_ports_add(struct filter_ports *p, const char *list, struct arena *arena) MUST_CHECK;
int filter_prefixes_add(struct filter_prefixes *p, const char *list,
			struct arena *arena) MUST_CHECK;
int filter_pids_add(struct filter_pids *p, const char *list, struct arena *arena) MUST_CHECK;
int filter_names_add(struct filter_names *p, const char *list, struct arena *arena) MUST_CHECK;
