/* SPDX-License-Identifier: MIT */
/*
 * cpu-watch: CPUs that go offline and come online while a recording runs. The kernel switches the
 * events of a CPU that goes offline off for good, and a CPU that comes online has none: its events
 * are opened anew as soon as it is seen to be online. What happened there before that is a gap,
 * which the tape (a LOSS of unknown count) and the user are told of.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "record/drain.h"
#include "record/events.h"
#include "record/record-options.h"

/* Time between two looks at the list of CPUs that are online. */
#define CPU_WATCH_PERIOD_NS (100 * NSEC_PER_MSEC)

struct cpu_watch_state {
	bool is_gone;	     /* the CPU is or was offline, and its events are not closed yet */
	bool has_failed;     /* its events could not be opened, which was said */
	bool has_gap;	     /* gap_from_ns to gap_to_ns is not on the tape yet */
	uint64_t offline_ns; /* the last time when it was known to be offline; 0: never */
	uint64_t gap_from_ns, gap_to_ns;
};

struct cpu_watch {
	struct drain *drain; /* borrowed, as are its events and the next one */
	const struct record_options *options;
	struct cpu_watch_state *states; /* same order as the events' cpus */
	int uevents;			/* -1: there are none */
	int epoll;			/* gets the rings' owners; set by the record loop */
	bool is_due;			/* a message said that something has changed */
	uint64_t looked_ns;
	unsigned int n_told;
};

/* {.uevents = -1} is valid, and watches nothing. */
#define CPU_WATCH_INIT ((struct cpu_watch){.uevents = -1, .epoll = -1})

int cpu_watch_open(struct cpu_watch *w, struct drain *d, const struct record_options *o,
		   struct fault *fault) MUST_CHECK;
void cpu_watch_done(struct cpu_watch *w);

/* Reads the messages that have arrived. */
void cpu_watch_hear(struct cpu_watch *w);
/* Opens and closes what has to be; called after a complete drain. 0 or -ENOMEM. */
int cpu_watch_turn(struct cpu_watch *w, uint64_t now, struct fault *fault) MUST_CHECK;
/* Tells of the CPUs that are online and not recorded at the end. */
int cpu_watch_finish(struct cpu_watch *w, uint64_t now, struct fault *fault) MUST_CHECK;
