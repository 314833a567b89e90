/* SPDX-License-Identifier: MIT */
/*
 * call-waits: how long exchanges on connections waited, by the calls of programs: between the last
 * of several small writes and the next read, and between the reads of one message. A segment that
 * Nagle's algorithm holds back (RFC 896; RFC 9293, 3.7.4) waits for the acknowledgement of the one
 * before it, which the other end delays (RFC 9293, 3.8.6.3).
 */
#pragma once

#include "base/groups.h"
#include "base/map.h"
#include "base/pool.h"
#include "gather/gathered.h"

/* The kernel delays an acknowledgement by TCP_DELACK_MIN or TCP_ATO_MIN, 40 ms (include/net/tcp.h);
 * its timer may be a tick late, and the program some more. */
#define CALL_WAIT_FROM_MS 38u
#define CALL_WAIT_TO_MS	  60u

/* Exchanges of one kind. */
struct call_waits {
	uint64_t n;	    /* exchanges */
	uint64_t n_stalled; /* that waited as long as an acknowledgement is delayed */
	uint64_t waited_ns; /* in these */
};

static inline void call_waits_add(struct call_waits *to, const struct call_waits *from)
{
	to->n += from->n;
	to->n_stalled += from->n_stalled;
	to->waited_ns += from->waited_ns;
}

/* The connections of one service. */
struct service_waits {
	struct {
		uint16_t port;
		uint8_t is_served;
	} key;
	struct call_waits several; /* from the last of several writes until something is read */
	struct call_waits single;  /* from a single write until something is read */
	struct call_waits parts;   /* between the reads of one message */
	uint64_t n_conns;	   /* connections with any that stalled */
	uint64_t first_ns, last_ns;
	struct ip_addr peer; /* of the first that stalled */
	bool has_several_peers;
	int32_t pid; /* of the program here; 0: unknown, or several */
	char comm[16];
	bool has_several_programs;
};

struct all_call_waits {
	struct groups by_service; /* of struct service_waits */
	struct map by_conn;	  /* number of a connection to its struct conn_waits, in the pool */
	struct pool pool;
	struct arena arena;
};

/* Callbacks of a gather part, see gather/gather-part.h. */
int call_waits_init(void *state);
void call_waits_done(void *state);
int call_waits_event(void *state, const struct gathered *in, const struct gather_event *g);
int call_waits_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
		    const struct conn_history *history);
