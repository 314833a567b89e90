/* SPDX-License-Identifier: MIT */
/*
 * close-waiters: for each process and port the connections in CLOSE_WAIT, how long they have been
 * there, and how long those had been that the process did close.
 */
#pragma once

#include "base/groups.h"
#include "detect/whose.h"
#include "gather/gathered.h"

/* A connection is forgotten that has been in CLOSE_WAIT for so long, */
#define CLOSE_WAIT_AGE_MIN_S 2u
#define CLOSE_WAIT_TIMES     2u	 /* and so many times longer than any that the program did close */
#define CLOSE_WAIT_AGES	     40u /* steps of a power of two, in milliseconds */

/* Connections of one process at one port that their peers have closed. */
struct close_waiters {
	struct {
		int32_t pid; /* 0: unknown */
		uint32_t netns;
		uint16_t port; /* this host's if peers opened them, else the peers' */
		uint8_t is_served;
		uint8_t zero;
		char comm[WHOSE_COMM_MAX];
	} key;
	struct whose whose;
	uint64_t n;	   /* in CLOSE_WAIT at the end */
	uint64_t n_before; /* those that were in CLOSE_WAIT at the start already */
	uint64_t n_open;   /* open at the end, in any state */
	uint64_t n_closed; /* closed by the process */
	uint64_t longest_closed_ns, longest_ns; /* in CLOSE_WAIT: those closed, those still there */
	uint64_t since_ns;			/* when the first of them came to be */
	uint64_t n_of_age[CLOSE_WAIT_AGES];	/* those still there, by age */
};

/* The empty groups of close_waiters_get(). */
#define CLOSE_WAITERS                                                                              \
	((struct groups){.key_size = sizeof(((struct close_waiters *)0)->key),                     \
			 .item_size = sizeof(struct close_waiters)})

/* Those of the connection's process and port. *ret is NULL if there are too many groups. 0 or
 * -ENOMEM. */
int close_waiters_get(struct groups *by_owner, const struct gathered *in, const struct tcp_conn *c,
		      struct close_waiters **ret) MUST_CHECK;
/* Counts the age of a connection that is in CLOSE_WAIT at the end. */
void close_waiters_add_age(struct close_waiters *w, uint64_t since_ns, uint64_t end_ns);
/* How many have waited for so long that their process will not close them. Ages are counted in
 * steps, so that some that are little older than the limit are not among them. */
uint64_t close_waiters_forgotten(const struct close_waiters *w);
/* Those with most connections first. For groups_sorted(). */
int close_waiters_by_number(const void *a, const void *b);
