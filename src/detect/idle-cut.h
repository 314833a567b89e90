/* SPDX-License-Identifier: MIT */
/*
 * idle-cut: connections that were cut after a time without traffic, for the detectors of what looks
 * the same: resets and stalls.
 */
#pragma once

#include "detect/findings.h"

/* True if a finding tells why n connections of this service were reset. */
bool idle_cut_explains_resets(const struct findings *f, uint16_t port, bool is_served, uint64_t n);
/* Adds to a finding about such RSTs how long there was no traffic before, and what follows if the
 * times do not tell a timer from a restart. */
void idle_cut_add(struct findings *f, struct finding *x, uint16_t port, bool is_served, uint64_t n);
/* The connections that such findings tell of, and to which nothing came back any more. */
struct idle_cut_stalls {
	uint64_t n, n_dead; /* all; given up by the kernel */
};
struct idle_cut_stalls idle_cut_stalls(const struct findings *f);
