/* SPDX-License-Identifier: MIT */
/*
 * events: the open descriptors of a recording: per CPU a ring and its owner, per tracepoint and
 * CPU an event that sends its records there. Owns all of them.
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
	int owner; /* descriptor */
	struct ring ring;
	uint64_t last_ns;   /* time of the last row that came out of the ring */
	uint64_t ring_lost; /* by PERF_RECORD_LOST so far */
};

struct events {
	struct event_cpu *cpus;
	size_t n_cpus;
	int *fds; /* [tracepoint * n_cpus + place in cpus]; -1: not open */
	size_t n_tracepoints;
	bool with_lost;	     /* losses are known per event */
	uint64_t ring_bytes; /* what it came to, per CPU */
};

#define EVENTS_RING_DEFAULT (8ull << 20)   /* per CPU */
#define EVENTS_RING_LEAST   (64ull << 10)  /* a default is not halved below this */
#define EVENTS_RINGS_MAX    (512ull << 20) /* all together, by default */

/* The default for so many CPUs. */
uint64_t events_ring_default(size_t n_cpus);

/*
 * Opens everything, disabled. ring_bytes 0: the default, and less where the kernel does not give
 * it; otherwise rounded up to what a ring can be, and a refusal is a fault.
 */
int events_open(const struct tracepoints *t, uint64_t ring_bytes, struct events *ret,
		struct fault *fault) MUST_CHECK;
void events_close(struct events *e);

int events_enable_tasks(struct events *e, struct fault *fault) MUST_CHECK; /* the owners */
int events_enable(struct events *e, struct fault *fault) MUST_CHECK;
int events_disable(struct events *e, struct fault *fault) MUST_CHECK;
