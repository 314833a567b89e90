/* SPDX-License-Identifier: MIT */
/*
 * scan-targets: the places that somebody has tried without success. At the host that is scanned
 * RSTs of no socket tell of them; at the host that scans, attempts that fail. Private to the
 * detector `scan`.
 */
#pragma once

#include "base/groups.h"
#include "gather/gathered.h"

/* One place that somebody tries: the source is the peer, or a process of this host. */
struct scan_key {
	struct {
		struct ip_addr addr; /* of the source */
		int32_t pid;	     /* of a process of this host; else 0 */
		uint8_t is_here;
	} source;
	struct endpoint target;
};

struct scan_target {
	struct scan_key key;
	uint64_t n, first_ns, last_ns;
	uint16_t source_port;
	char comm[16];
};

struct scans {
	struct groups targets; /* of struct scan_target */
	uint64_t n_left_out;   /* tries of further targets, for which there was no room */
};

/* Callbacks of a gather part, see gather/gather-part.h. */
int scan_targets_init(void *state);
void scan_targets_done(void *state);
int scan_targets_event(void *state, const struct gathered *in, const struct gather_event *g);
int scan_targets_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
		      const struct conn_history *history);
