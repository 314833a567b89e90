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
#include "record/event-rings.h"
#include "record/tracepoints.h"

struct events {
	struct event_cpu *cpus; /* all that may be online */
	size_t n_cpus;
	int *fds; /* [tracepoint * n_cpus + index in cpus]; -1: the event is not open */
	/* Counts of events that are closed, because their CPU went offline; same order as fds.
	 * NULL: there are none. */
	struct perf_event_count *closed;
	size_t n_tracepoints;
	const struct tracepoint *tracepoints; /* borrowed */
	bool with_lost;			      /* the kernel counts losses per event */
	bool with_cgroups;		      /* the kernel says control groups */
	bool is_enabled;		      /* events of CPUs that come online count at once */
	uint64_t ring_bytes;		      /* size of each ring that the kernel granted */
};

/* CPUs that are recorded now. */
size_t events_n_open(const struct events *e);
/* The number of the first CPU that is recorded now. */
uint32_t events_first_cpu(const struct events *e);

/*
 * Opens all events of the CPUs that are online, disabled. Borrows t. ring_bytes 0 means the default
 * size, or less where the kernel refuses that much. Any other size is rounded up to a power of two
 * pages, and fails if the kernel refuses it.
 */
int events_open(const struct tracepoints *t, uint64_t ring_bytes, struct events *ret,
		struct fault *fault) MUST_CHECK;
void events_close(struct events *e);

/* Opens the events of one CPU that has come online, enabled if the others are. -ENODEV: it is
 * offline again. */
int events_open_cpu(struct events *e, size_t cpu, struct fault *fault) MUST_CHECK;
/* Closes those of a CPU that went offline: the kernel has switched them off for good. Their counts
 * are kept; records that are left in the ring are lost. */
int events_close_cpu(struct events *e, size_t cpu, struct fault *fault) MUST_CHECK;
/* Reads the counts of a tracepoint on one CPU, over all times that it was online. */
int events_count(const struct events *e, size_t tracepoint, size_t cpu,
		 struct perf_event_count *ret, struct fault *fault) MUST_CHECK;

/* Enables the owners, which report COMM, FORK and EXIT. */
int events_enable_tasks(struct events *e, struct fault *fault) MUST_CHECK;
/* Enables the tracepoints. */
int events_enable(struct events *e, struct fault *fault) MUST_CHECK;
/* Disables the tracepoints, then the owners. */
int events_disable(struct events *e, struct fault *fault) MUST_CHECK;
