/* SPDX-License-Identifier: MIT */
/*
 * idle-cuts: connections that were cut, by a RST or by silence, after they had carried no traffic
 * for a while; how long that was; and how long others had carried none and worked all the same. The
 * kernel tells when an acknowledgement or data came last, and when data was sent last (struct
 * tcp_info), which may be long before the recording.
 */
#pragma once

#include "base/groups.h"
#include "base/map.h"
#include "detect/idle-times.h"
#include "gather/gathered.h"

#define IDLE_CUTS_KEPT 64u

/* The connections of one service that were cut. */
struct idle_cuts_at {
	struct {
		uint16_t port; /* of the service */
		uint8_t is_served;
	} key;
	uint64_t n_resets;	/* connections that got a RST when they were used again */
	uint64_t n_at_rest;	/* that got a RST while they carried no traffic */
	uint64_t n_silent;	/* that were used again, and nothing came back any more */
	uint64_t n_silent_dead; /* of these, those that the kernel gave up */
	uint64_t n_busy;	/* that were cut in the middle of traffic */
	uint64_t longest_ns;	/* without traffic, of those that were cut */
	/* Without traffic, of those that were used again and worked: at least. 0: none is known. */
	uint64_t worked_ns;
	uint64_t first_ns, last_ns; /* when they were cut, or used in vain */
	uint64_t heard_ns;	    /* when traffic came last on any of them */
	/* The longest life of a connection that was not cut, and ended well. 0, 0: none. */
	uint64_t lived_from_ns, lived_to_ns;
	struct ip_addr peer; /* of the first */
	bool has_several_peers;
	int32_t pid; /* of the program here; 0: unknown, or several */
	char comm[16];
	bool has_several_programs;
	uint32_t n_kept;
	uint64_t kept_ns[IDLE_CUTS_KEPT]; /* time without traffic, of the first that were cut */
};

/* Connections of this host to one destination that were used again in vain. */
struct idle_cuts_silent {
	struct endpoint at; /* the key */
	uint64_t n;
};

struct idle_cuts {
	struct groups by_service; /* of struct idle_cuts_at */
	struct all_idle_times times;
	struct groups silent_at; /* of struct idle_cuts_silent */
	struct map silent;	 /* numbers of connections: to the port of the service */
};

/* Callbacks of a gather part, see gather/gather-part.h. */
int idle_cuts_init(void *state);
void idle_cuts_done(void *state);
int idle_cuts_event(void *state, const struct gathered *in, const struct gather_event *g);
int idle_cuts_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
		   const struct conn_history *history);

/* All that were cut after a time without traffic. */
static inline uint64_t idle_cuts_n(const struct idle_cuts_at *a)
{
	return a->n_resets + a->n_at_rest + a->n_silent;
}
/* The connections of a service; NULL: there are none. */
const struct idle_cuts_at *idle_cuts_at(const struct idle_cuts *s, uint16_t port, bool is_served);
/* How long those were without traffic that were so for the shortest time; but one in twenty, which
 * may have been cut for another reason. */
uint64_t idle_cuts_shortest_ns(const struct idle_cuts_at *a);
