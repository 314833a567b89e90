/* SPDX-License-Identifier: MIT */
/*
 * accept-queues: the sockets of this host that listen, how many connections waited for accept() at
 * each when the socket tables and the samples were taken, and which processes accept there. Each
 * socket has a queue of its own; several sockets may listen at one address and port
 * (SO_REUSEPORT).
 */
#pragma once

#include "base/groups.h"
#include "detect/whose.h"
#include "gather/gathered.h"

struct accept_queue {
	uint64_t key; /* number of its connection in the tracker, or its cookie */
	struct whose whose;
	uint64_t waiting, limit; /* connections, when the queue was fullest; limit 0: unknown */
	uint64_t at_ns;		 /* when that was */
	/* The looks at it that found it full: how many, the first and the last; and whether the
	 * last look of all did. */
	uint64_t n_full, full_from_ns, full_to_ns;
	bool is_full_now;
	bool passes_filter;
};

struct accept_queues {
	struct groups by_key;
	struct groups served; /* what accept_queues_served() was told */
};

void accept_queues_init(struct accept_queues *s);
void accept_queues_done(struct accept_queues *s);
/* Takes the row of a listening socket in a table, its sample, or the event of a socket that begins
 * to listen. 0 or -ENOMEM. */
int accept_queues_listener(struct accept_queues *s, const struct gathered *in,
			   const struct gather_event *g) MUST_CHECK;
/* Takes a connection that a peer opened, and that is to be shown. 0 or -ENOMEM. */
int accept_queues_served(struct accept_queues *s, const struct tcp_conn *c) MUST_CHECK;

/* A queue is full when it holds more than its limit: sk_acceptq_is_full() of include/net/sock.h. */
static inline bool accept_queue_is_full(const struct accept_queue *q)
{
	return q->limit && q->waiting > q->limit;
}
/* True if the filter is about this queue. A listener on any address passes no filter by address, so
 * its queue is wanted if a connection to it passes, too. */
bool accept_queue_is_wanted(const struct accept_queues *s, const struct accept_queue *q);
/* Writes the processes that own connections accepted there: "nginx[900], nginx[901] and others";
 * false: none is known. */
bool accept_queue_accepters(const struct accept_queues *s, const struct accept_queue *q,
			    struct text *t);
/* True if connections to this address and port of this host come to the queue. */
bool accept_queue_serves(const struct accept_queue *q, const struct endpoint *local,
			 uint32_t netns);
/* Finds the fullest queue that the filter wants and that serves this address and port. *ret_n is
 * how many sockets listen there, in one network namespace; 0: it is not known which of several
 * namespaces it is. NULL: none is known. */
const struct accept_queue *accept_queues_at(const struct accept_queues *s,
					    const struct endpoint *local, uint32_t netns,
					    uint32_t *ret_n);
/* How many sockets listen at exactly the address and port of q, in its network namespace. */
uint32_t accept_queues_beside(const struct accept_queues *s, const struct accept_queue *q);
