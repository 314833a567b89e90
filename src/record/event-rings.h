/* SPDX-License-Identifier: MIT */
/*
 * event-rings: the rings of the CPUs that are recorded, and their owners.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "kernel/cpus.h"
#include "kernel/ring.h"

/* A CPU that may be online. */
struct event_cpu {
	uint32_t cpu;
	bool is_open;	   /* it has a ring and events; false while it is offline */
	bool with_cgroups; /* its ring gets reports of new control groups */
	bool was_open;	   /* it had them at some time: there are counts */
	int owner;	   /* if is_open: descriptor of the ring's owner (kernel/perf-event.h) */
	struct ring ring;
	uint64_t last_ns;   /* time of the last row that came out of the ring */
	uint64_t n_equal;   /* rows of that time that came before it */
	uint64_t loss_ns;   /* end of the last loss that PERF_RECORD_LOST has reported */
	uint64_t ring_lost; /* losses that PERF_RECORD_LOST has reported for the CPU so far */
};

/* When the next loss of the ring began, at the earliest: after its last row and its last loss. */
static inline uint64_t event_cpu_loss_from(const struct event_cpu *c)
{
	return c->loss_ns > c->last_ns ? c->loss_ns : c->last_ns;
}

#define EVENTS_RING_DEFAULT (8ull << 20)   /* bytes per CPU */
#define EVENTS_RINGS_MAX    (512ull << 20) /* bytes of all rings together, by default */
/* A default size that the kernel refuses is halved, but not below this. */
#define EVENTS_RING_LEAST (64ull << 10)

/* The default size of a ring on a host with this many CPUs. */
uint64_t events_ring_default(size_t n_cpus);

/* Opens the rings of those of the n CPUs that are online. bytes as ring_bytes of events_open();
 * *ret_bytes is the size that the kernel granted. */
int event_rings_open(struct event_cpu *cpus, size_t n, const struct cpus *online, uint64_t bytes,
		     uint64_t *ret_bytes, struct fault *fault) MUST_CHECK;
void event_rings_close(struct event_cpu *cpus, size_t n);

/* The same for one CPU; bytes is a size that ring_map() takes. -ENODEV: it is offline. */
int event_ring_open(struct event_cpu *c, uint64_t bytes, struct fault *fault) MUST_CHECK;
void event_ring_close(struct event_cpu *c);
