/* SPDX-License-Identifier: MIT */
/*
 * sock-diag-cost: measures what it costs the kernel to tell of a destroyed socket. It closes a few
 * sockets of its own that were never connected, with a subscriber and without, in the network
 * namespace of the calling thread.
 */
#pragma once

#include <stdint.h>

/* What is taken where it cannot be measured, and the limits within which a measure is believed: a
 * CPU that others need makes it look longer. */
#define SOCK_DIAG_COST_NS     5000u
#define SOCK_DIAG_COST_MIN_NS 1000u
#define SOCK_DIAG_COST_MAX_NS 20000u

/* Nanoseconds that one message costs, its receipt included. Takes a millisecond. */
uint64_t sock_diag_cost(void);
