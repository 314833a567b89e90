/* SPDX-License-Identifier: MIT */
/*
 * reset-tally: counts the RSTs of each class, port and peer, with what they cost: data that was not
 * acknowledged, ages, the process, the kernel's reason. Private to the detector `resets`.
 */
#pragma once

#include "base/groups.h"
#include "detect/reset-class.h"
#include "gather/gathered.h"

struct reset_key {
	uint8_t class, is_served;
	uint16_t port;
	struct ip_addr addr; /* of the peer; family 0: unknown, or there are too many peers */
};

/* What is known of some RSTs, beyond their number. */
struct reset_costs {
	uint64_t first_ns, last_ns;
	/* How many came within a second, of which the first came at *_ns: those of now, and the
	 * most of all. */
	uint64_t n_burst, burst_ns, n_most, most_ns;
	uint64_t n_aged, youngest_ns, oldest_ns; /* connections whose age is known exactly */
	uint64_t n_known, n_used; /* connections that are known; data had gone both ways before */
	uint64_t n_unacked, unacked_bytes; /* data sent that was not acknowledged */
	uint64_t n_bulk;		   /* so much of it that it was no request */
	int32_t pid;			   /* of the program here; 0: unknown, or several */
	char comm[16];
	char reason[32]; /* the kernel's; "": none */
	bool has_several_programs, has_several_reasons;
};

struct reset_count {
	struct reset_key key;
	uint64_t n;
	struct reset_costs costs;
};

/* A RST of a listener, whose event does not name the peer. */
struct nameless_reset {
	uint64_t ts_ns; /* 0: none */
	struct endpoint local;
	struct reset_count *count;
};

#define NAMELESS_RESETS 64u

/* A connection that this host closed first and that has become a socket in TIME_WAIT, or a RST of
 * such a socket whose connection has not been handed out yet. */
struct time_wait {
	uint64_t hash; /* of both ends; 0: none */
	uint64_t seen_ns;
	struct reset_count *waiting; /* the RST; NULL: the connection came first */
	int32_t pid;
	bool is_born, is_used;
	char comm[16];
};

#define TIME_WAITS (1u << 14)

struct reset_tally {
	struct groups counts; /* of struct reset_count */
	struct nameless_reset nameless[NAMELESS_RESETS];
	uint32_t next_nameless;
	struct time_wait *time_waits; /* by hash, the newest; NULL: none yet */
	uint64_t *ended; /* hashes of both ends that this host has sent a RST for; NULL: none */
};

int reset_tally_init(void *state);
void reset_tally_done(void *state);
/* Callbacks of a gather part, see gather/gather-part.h. */
int reset_tally_event(void *state, const struct gathered *in, const struct gather_event *g);
int reset_tally_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
		     const struct conn_history *history);
/* Adds what is known of some RSTs to that of others. */
void reset_costs_add(struct reset_costs *to, const struct reset_costs *from);
