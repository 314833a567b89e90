/* SPDX-License-Identifier: MIT */
/*
 * events: the open perf events of a recording. Each CPU has a ring and its owner, and each
 * tracepoint has an event on each CPU that sends its records into that ring. struct events owns all
 * descriptors and rings.
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
	uint64_t n_equal;   /* rows of that time that came before it */
	uint64_t ring_lost; /* losses that PERF_RECORD_LOST has reported for the ring so far */
};

struct events {
	struct event_cpu *cpus;
	size_t n_cpus;
	int *fds; /* [tracepoint * n_cpus + index in cpus]; -1: the event is not open */
	size_t n_tracepoints;
	bool with_lost;	     /* the kernel counts losses per event */
	uint64_t ring_bytes; /* size of each ring that the kernel granted */
};

#define EVENTS_RING_DEFAULT (8ull << 20)   /* bytes per CPU */
#define EVENTS_RINGS_MAX    (512ull << 20) /* bytes of all rings together, by default */
/* A default size that the kernel refuses is halved, but not below this. */
#define EVENTS_RING_LEAST (64ull << 10)

/* The default size of a ring on a host with this many CPUs. */
uint64_t events_ring_default(size_t n_cpus);

/*
 * Opens all events, disabled. ring_bytes 0 means the default size, or less where the kernel refuses
 * that much. Any other size is rounded up to a power of two pages, and fails if the kernel refuses
 * it.
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
