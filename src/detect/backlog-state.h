/* SPDX-License-Identifier: MIT */
/*
 * backlog-state: what the detector of full accept queues gathers, and its inner functions. Private
 * to backlog.c and the backlog-*.c files.
 */
#pragma once

#include "detect/accept-queues.h"
#include "detect/detector.h"
#include "detect/take-ups.h"

/* A local address and port to which peers connect, by the SYN-ACKs that were retransmitted. The
 * same port is another server's in another network namespace. */
struct handshakes {
	struct endpoint at;	    /* the key */
	uint64_t by_timer;	    /* SYN-ACKs retransmitted because nothing came back */
	uint64_t by_repeat;	    /* SYN-ACKs retransmitted because the peer repeated its SYN */
	uint64_t half_open;	    /* handshakes that were not completed */
	uint64_t slow;		    /* handshakes completed after SYN-ACKs were retransmitted */
	uint64_t deferred;	    /* those of a listener that waits for data: TCP_DEFER_ACCEPT */
	uint64_t first_ns, last_ns; /* times of the first and last retransmitted SYN-ACK */
};

struct backlog {
	struct groups handshakes; /* of struct handshakes */
	struct accept_queues queues;
	struct take_ups take_ups;
};

/* backlog.c */
extern const struct detector detector_backlog;

/* backlog-overflow.c: what clients of this host tell of a queue. */
#define OVERFLOW_MIN   3u /* connections that were not taken up, or late */
#define OVERFLOW_SHARE 4u /* of the retransmissions to it, one in so many at most may be later */
/* True if the server's sockets are on this tape, too. */
bool backlog_is_here(const struct destination *d);
/* The network namespace of a server at this address and port; 0: unknown. */
uint32_t backlog_netns_of(const struct backlog *b, const struct endpoint *at);
/* The queue to which connections to the destination come, as accept_queues_at(). */
const struct accept_queue *backlog_queue_of(const struct backlog *b, const struct destination *d,
					    uint32_t *ret_n);
/* True if connections to the destination were not taken up, or late, because its accept queue was
 * full. */
bool backlog_overflows(const struct gathered *in, const struct backlog *b,
		       const struct destination *d);

/* A full queue comes before what may follow from it. */
#define BACKLOG_WEIGHT (UINT64_MAX / 2)

/* backlog-queue.c: full accept queues. */
#define OVERFLOW_PERCENT 1u /* of the connects, at least: critical */
/* Adds a finding for each queue that is full, and for each destination that overflows. */
void backlog_emit_queues(const struct detector *d, struct findings *f, const struct backlog *b);
/* Adds the listener and its queue to the evidence. */
void backlog_add_queue(struct findings *f, struct finding *x, const struct backlog *b,
		       const struct accept_queue *q);
/* True if such a finding is about connections to this address and port of this host. */
bool backlog_has_queue(const struct findings *f, const struct backlog *b,
		       const struct endpoint *at);

/* backlog-counted.c: what the kernel counts of full accept queues. */
#define COUNTED_MIN 3u /* overflows */
void backlog_counted_rule(struct text *t);
/* How often an accept queue of a namespace (0: of those whose connections are shown) overflowed; 0
 * also where that is not known. */
uint64_t backlog_counted(const struct findings *f, uint32_t netns);
/* Adds the same to the evidence. */
void backlog_add_counted(struct findings *f, struct finding *x, uint32_t netns);
/* Adds a finding if accept queues overflowed. */
void backlog_emit_counted(const struct detector *d, struct findings *f);

/* backlog-handshakes.c: handshakes that are not completed, or late, for a reason that is not
 * known. */
void backlog_handshakes_rule(struct text *t);
void backlog_emit_handshakes(const struct detector *d, struct findings *f, const struct backlog *b);
/* Adds the SYN-ACKs of the port to the evidence; p may be NULL. */
void backlog_add_synacks(struct findings *f, struct finding *x, const struct handshakes *p);
