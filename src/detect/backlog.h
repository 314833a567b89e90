/* SPDX-License-Identifier: MIT */
/*
 * backlog: what a full accept queue does to connections, for the detectors of what looks the same:
 * loss, timeouts, stalls and slow connects; and the handshakes that are not completed.
 */
#pragma once

#include "detect/findings.h"

/* True if a finding tells that the accept queue at this address and port was full, so that SYNs and
 * first data to it were not lost on the way. */
bool backlog_explains(const struct findings *f, const struct endpoint *destination);
/* Stalled connections of which such a finding tells why. */
struct backlog_stalls {
	uint64_t n, n_open, n_dead; /* all; stalled at the end of the tape; given up */
};
struct backlog_stalls backlog_stalls(const struct findings *f);

/* Handshakes at listeners of this host of which a SYN-ACK was sent again. */
struct backlog_handshakes {
	uint64_t by_timer, by_repeat; /* SYN-ACKs sent again; as the peer repeated its SYN */
	uint64_t half_open, slow;     /* handshakes that were not completed; or late */
	uint64_t peers;		      /* addresses of those that did not complete one */
	uint64_t first_ns, last_ns;   /* times of the SYN-ACKs */
	struct endpoint at; /* where nearly all that were not completed began; port 0: none such */
	uint32_t netns;	    /* of that listener; 0: unknown */
	bool is_queue_full; /* a finding tells that the accept queue there was full */
};
struct backlog_handshakes backlog_handshakes(const struct findings *f);
/* Adds the listener at this address and port, and its queue, to the evidence if it is known. */
void backlog_add_listener(struct findings *f, struct finding *x, const struct endpoint *at);
