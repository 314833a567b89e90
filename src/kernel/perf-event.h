/* SPDX-License-Identifier: MIT */
/*
 * perf-event: descriptors of perf_event_open. Two sorts: a tracepoint on one CPU, and the owner of
 * a CPU's ring, a software event that never counts and brings COMM, FORK and EXIT. All are opened
 * disabled, on CLOCK_MONOTONIC, with the time in every record, so that they may share one ring.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

/* Frames of a call chain; the innermost few decide a cause. */
#define PERF_EVENT_STACK_MAX 16u

struct perf_event_spec {
	const char *system; /* for faults */
	const char *name;
	uint32_t id; /* of the format file */
	int cpu;
	bool with_chain; /* samples carry the kernel's call chain */
	bool with_lost;	 /* read(2) gives the event's losses; perf_event_knows_lost() */
};

/* *ret is a descriptor of the caller's. The fault says which permission or limit is missing. */
int perf_event_open_tracepoint(const struct perf_event_spec *spec, int *ret,
			       struct fault *fault) MUST_CHECK;
/* watermark: bytes in the ring that wake up who polls. */
int perf_event_open_owner(int cpu, uint32_t watermark, int *ret, struct fault *fault) MUST_CHECK;
/* Does the kernel know PERF_FORMAT_LOST? Tried on an owner event. */
bool perf_event_knows_lost(void);

/* Only hits that fit the expression count and are recorded (ftrace's filter language). Once. */
int perf_event_filter(int fd, const char *expression, struct fault *fault) MUST_CHECK;
/* Sends fd's records into the ring that is mapped on owner. */
int perf_event_redirect(int fd, int owner, struct fault *fault) MUST_CHECK;
int perf_event_enable(int fd, struct fault *fault) MUST_CHECK;
int perf_event_disable(int fd, struct fault *fault) MUST_CHECK;

struct perf_event_count {
	uint64_t counted;
	uint64_t lost; /* 0 unless opened with_lost */
};
int perf_event_read(int fd, bool with_lost, struct perf_event_count *ret,
		    struct fault *fault) MUST_CHECK;
