/* SPDX-License-Identifier: MIT */
/*
 * reset-words: what the detector `resets` says of the RSTs of one class at one port. A text names
 * only what the tape does not exclude.
 */
#pragma once

#include "detect/findings.h"
#include "detect/reset-tally.h"

/* The RSTs of one class at one port. */
struct port_resets {
	struct {
		uint16_t port;
		uint8_t is_served, class;
	} key;
	uint64_t n, n_peers;
	struct reset_costs costs;
	uint64_t most;		       /* RSTs of `worst` */
	const struct reset_key *worst; /* the peer with the most RSTs */
};

/* True if requests were sent on connections that the server had closed: they had carried data both
 * ways before, and what was lost is small. */
bool port_resets_is_race(const struct port_resets *p);
/* True if nearly all came within a second from one peer, or from one program here. */
bool port_resets_at_once(const struct port_resets *p);
/* Appends the title of the finding. */
void port_resets_title(const struct port_resets *p, const struct labels *names, struct text *t);
const char *port_resets_meaning(const struct port_resets *p);
/* Says so where the tape does not decide. */
void port_resets_doubt(const struct port_resets *p, struct finding *x);
