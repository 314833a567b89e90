/* SPDX-License-Identifier: MIT */
/*
 * events: the open perf events of a recording: each CPU has a ring with its owner, and each
 * tracepoint has an event on each CPU that sends its records into that ring. Owns them all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "kernel/perf-event.h"
#include "kernel/ring.h"
#include "record/tracepoints.h"

struct event_cpu {
	uint32_t cpu;
	int owner; /* descriptor of the ring's owner (kernel/perf-event.h) */
	struct ring ring;
	uint64_t last_ns;   /* time of the last row that came out of the ring */
	uint64_t ring_lost; /* sum of its PERF_RECORD_LOST so far */
};

struct events {
	struct event_cpu *cpus;
	size_t n_cpus;
	int *fds; /* [tracepoint * n_cpus + place in cpus]; -1: it is not open */
	size_t n_tracepoints;
	bool with_lost;	     /* the kernel counts losses per event */
	uint64_t ring_bytes; /* size of each ring, as it could be had */
};

#define EVENTS_RING_DEFAULT (8ull << 20) /* bytes per CPU */
#define EVENTS_RING_LEAST                                                                          \
	(64ull << 10) /* a default that the kernel refuses is not halved below this */
#define EVENTS_RINGS_MAX (512ull << 20) /* bytes of all rings together, by default */

/* The default size of a ring where there are so many CPUs. */
uint64_t events_ring_default(size_t n_cpus);

/*
 * Opens all events, disabled. ring_bytes 0 means the default, or less where the kernel does not
 * give that much. Another size is rounded up to a power of two pages, and a refusal of it is a
 * fault.
 */
int events_open(const struct tracepoints *t, uint64_t ring_bytes, struct events *ret,
		struct fault *fault) MUST_CHECK;
void events_close(struct events *e);

/* Enables the owners, which report COMM, FORK and EXIT. */
int events_enable_tasks(struct events *e, struct fault *fault) MUST_CHECK;
/* Enables the tracepoints. */
int events_enable(struct events *e, struct fault *fault) MUST_CHECK;
/* Disables the tracepoints, then the owners. */
int events_disable(struct events *e, struct fault *fault) MUST_CHECK;
