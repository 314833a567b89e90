/* SPDX-License-Identifier: MIT */
/*
 * counter-readings: when the kernel's counters are read. The host and the recorder's own network
 * namespace are read once a second; the other namespaces one after the other, as often as a small
 * share of a CPU allows; all of them before the events are enabled and after they are disabled, as
 * far as a quarter of a second suffices. Nothing here fails a recording but lack of memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/counter-files.h"
#include "kernel/netns.h"
#include "record/counter-space.h"
#include "record/drain.h"
#include "record/settings-changes.h"

/* Time between two readings of the host and of the recorder's namespace, if they cost little. */
#define COUNTER_PERIOD_NS NSEC_PER_SEC
/* The share of a CPU that readings of other namespaces may take: parts per million, with few
 * namespaces, and with more than COUNTER_MANY. */
#define COUNTER_SHARE_PPM      1000u
#define COUNTER_SHARE_MANY_PPM 3000u
#define COUNTER_MANY	       100u

/* {0} is valid, and reads nothing. */
struct counter_readings {
	bool is_on;
	struct counter_names names;
	struct counter_reading reading;
	struct counter_files own_files, host_files, other_files;
	struct counter_space host;
	struct netns_list list;
	struct counter_space *spaces; /* of the namespaces, in the order of the list */
	size_t n_spaces, cap_spaces;
	size_t next_space; /* the one that is read next */
	struct settings_changes changes;
	struct batch_records settings; /* what no batch has taken yet */
	struct batch_records pending;  /* the same of readings */
	uint64_t own_due_ns;	       /* when the host and our namespace are read next */
	uint64_t found_ns;	       /* when the namespaces were last looked for */
	uint64_t turn_ns;	       /* when counter_readings_turn() was last called */
	int64_t budget_ns;	       /* CPU time that may be used for other namespaces */
};

void counter_readings_done(struct counter_readings *c);
/* Reads everything for the first time. Called before the events are enabled. 0 or -ENOMEM. */
int counter_readings_begin(struct counter_readings *c, struct fault *fault) MUST_CHECK;
/* Called right after the events are enabled, which was finished at ts_ns. */
int counter_readings_enabled(struct counter_readings *c, uint64_t ts_ns,
			     struct fault *fault) MUST_CHECK;
/* Called right before they are disabled. Both functions read the host and our namespace once more:
 * what is counted between these two readings is on the tape, but for what was lost. */
int counter_readings_disable(struct counter_readings *c, struct fault *fault) MUST_CHECK;
/* Reads what is due, and hands it over if a batch is free. 0 or -ENOMEM. */
int counter_readings_turn(struct counter_readings *c, struct drain *d, uint64_t now,
			  struct fault *fault) MUST_CHECK;
/* Reads everything for the last time. Called right after the events are disabled. 0 or -ENOMEM. */
int counter_readings_end(struct counter_readings *c, struct fault *fault) MUST_CHECK;
/* Hands over what no batch has taken yet. 1; 0: no batch is free; -ENOMEM. */
int counter_readings_hand_over(struct counter_readings *c, struct drain *d,
			       struct fault *fault) MUST_CHECK;
