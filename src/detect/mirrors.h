/* SPDX-License-Identifier: MIT */
/*
 * mirrors: tells once what has two ends on this tape. Where client and server are on the recorded
 * host, a RST is sent by one socket and received by another, and a refused connect is a RST that
 * this host sent: detectors that look at one end each find it twice.
 */
#pragma once

#include "detect/findings.h"

/* The end that a finding about n attempts to connect to a destination tells of. */
struct finding_end mirrors_caller(const struct findings *f, const struct group_key *destination,
				  uint64_t n);
/* Drops the findings that tell of the other end of what another finding tells. That one says so,
 * and has the higher level of the two. */
void mirrors_drop(struct findings *f);
