/* SPDX-License-Identifier: MIT */
/*
 * event-rings: the rings of the CPUs that are recorded, and their owners.
 */
#pragma once

#include "kernel/cpus.h"
#include "record/events.h"

/* Opens the rings of all CPUs that are online. bytes as in events_open(). */
int event_rings_open(struct events *e, const struct cpus *online, uint64_t bytes,
		     struct fault *fault) MUST_CHECK;
void event_rings_close(struct events *e);

/* The same for one CPU; bytes is a size that ring_map() takes. -ENODEV: it is offline. */
int event_ring_open(struct event_cpu *c, uint64_t bytes, struct fault *fault) MUST_CHECK;
void event_ring_close(struct event_cpu *c);
