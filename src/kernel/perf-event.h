/* SPDX-License-Identifier: MIT */
/*
 * perf-event: opens descriptors of perf_event_open(2), of two sorts: a tracepoint on one CPU, and
 * the owner of a CPU's ring, a software event that never counts and brings COMM, FORK, EXIT and
 * CGROUP records. All events are opened disabled, use CLOCK_MONOTONIC, and put the time into every
 * record, so that they may share one ring.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

/* Frames recorded per call chain; the innermost few decide the cause of a retransmission. */
#define PERF_EVENT_STACK_MAX 16u

struct perf_event_spec {
	const char *system; /* system and name are used for faults only */
	const char *name;
	uint32_t id; /* the tracepoint's, from its format file */
	int cpu;
	bool with_chain;  /* samples carry the kernel's call chain */
	bool with_lost;	  /* read(2) gives the event's losses, if perf_event_knows_lost() */
	bool with_cgroup; /* samples carry the task's control group, if the kernel knows it */
};

/* The caller owns *ret. The fault says which permission or limit is missing. */
int perf_event_open_tracepoint(const struct perf_event_spec *spec, int *ret,
			       struct fault *fault) MUST_CHECK;
/* The owner of a CPU's ring. */
struct perf_event_owner {
	int cpu;
	uint32_t wakeup_bytes; /* unread bytes in the ring that wake up poll(2) */
	bool with_cgroups;     /* reports new control groups, if perf_event_knows_cgroups() */
};
int perf_event_open_owner(const struct perf_event_owner *owner, int *ret,
			  struct fault *fault) MUST_CHECK;
/* True if the kernel counts losses per event (PERF_FORMAT_LOST, Linux 6.0 and later). Found out by
 * opening such an event. */
bool perf_event_knows_lost(void);

/* True if samples can carry the control group of the task on the CPU, and new control groups are
 * reported (PERF_SAMPLE_CGROUP, PERF_RECORD_CGROUP; Linux 5.7 and later with CONFIG_CGROUP_PERF).
 * Found out by opening such an event. */
bool perf_event_knows_cgroups(void);

/* Sets the event's filter: from now on the event counts and records only hits that match the
 * expression (ftrace's filter language). A second filter is refused (ftrace_profile_set_filter of
 * kernel/trace/trace_events_filter.c). */
int perf_event_filter(int fd, const char *expression, struct fault *fault) MUST_CHECK;
/* Sends fd's records into the ring that is mapped on owner. */
int perf_event_redirect(int fd, int owner, struct fault *fault) MUST_CHECK;
int perf_event_enable(int fd, struct fault *fault) MUST_CHECK;
int perf_event_disable(int fd, struct fault *fault) MUST_CHECK;

struct perf_event_count {
	uint64_t counted; /* hits */
	uint64_t lost;	  /* hits that the ring had no room for; 0 unless opened with_lost */
};
/* Reads an event's counts. with_lost must be the same as when the event was opened. */
int perf_event_read(int fd, bool with_lost, struct perf_event_count *ret,
		    struct fault *fault) MUST_CHECK;
