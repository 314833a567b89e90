/* SPDX-License-Identifier: MIT */
/*
 * backlog: what a full accept queue does to connections, for the detectors of what looks the same:
 * loss, timeouts, stalls and slow connects.
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
