/* SPDX-License-Identifier: MIT */
/*
 * time-waits: counts the sockets in TIME_WAIT of one network namespace. A host may have 28,000 of
 * them to one server; a row for each would say no more than their number. Where a listener of this
 * host has the local port, those with the same local end are counted together; all others are
 * connections that this host opened, and those with the same peer and local address are.
 */
#pragma once

#include "base/groups.h"
#include "kernel/sock-diag.h"

/* The most ends that are counted apart in a namespace; all others are counted in one number. */
#define TIME_WAITS_MAX 1024u

/* Sockets with the same ends. A port is 0, and an address too, where it is not the same for all. */
struct time_wait_end {
	uint16_t family;
	uint16_t sport, dport;
	uint8_t source[16], destination[16];
	uint16_t pad;
	uint32_t n;
};

struct time_waits {
	struct groups ends;   /* of struct time_wait_end */
	struct map listening; /* local ports of listeners */
	uint32_t n_others;    /* sockets whose ends found no room, or were not asked for */
	uint32_t n_shrunk;    /* sockets in FIN_WAIT2 that are no whole sockets any more */
};

/* Frees the memory; {0} is valid, too. */
void time_waits_done(struct time_waits *t);
/* Begins to count a namespace. t is {0}, or what was counted before, which is forgotten. */
void time_waits_begin(struct time_waits *t);
/* Notes a socket of the namespace. A listener must come before the sockets that it accepted, as it
 * does in a dump. True: it is in TIME_WAIT, and has been counted; -ENOMEM. */
int time_waits_take(struct time_waits *t, const struct sock_diag_socket *socket) MUST_CHECK;
/* Counts n more sockets in one number. The kernel counts those in FIN_WAIT2 that are no whole
 * sockets any more (tcp_time_wait()) among them, which were noted one by one. */
void time_waits_add_others(struct time_waits *t, uint32_t n);
/* Rows that time_waits_put() gives. */
uint32_t time_waits_rows(const struct time_waits *t);
/* Gives a row for each end, and one without ends for all others. 0, or fn's return below 0. */
int time_waits_put(const struct time_waits *t, sock_diag_fn fn, void *userdata) MUST_CHECK;
