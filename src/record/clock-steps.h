/* SPDX-License-Identifier: MIT */
/*
 * clock-steps: notices when the wall clock is set or the host has slept, and records the clocks
 * then, so that every row gets the wall time that the host had.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/batch.h"

struct clock_steps {
	int fd;		   /* readable when the clock was set; -1: not watched */
	uint64_t slept_ns; /* how long the host had slept in all when that was last recorded */
	bool is_due;	   /* the clock was set, and that is not recorded yet */
};

/* {.fd = -1} before. From here on no step is missed; one that came since the tape's first CLOCK is
 * recorded at once. 0 or -errno. */
int clock_steps_open(struct clock_steps *c, struct fault *fault) MUST_CHECK;
void clock_steps_done(struct clock_steps *c);
/* Call it when fd is readable. */
void clock_steps_take(struct clock_steps *c);
/*
 * Appends a CLOCK record, and a SLEEPS record if the host has slept since the last one. The batch
 * must be the one that the next rows go into: no row that is younger than the CLOCK may stand on
 * the tape before it. 0 or -ENOMEM.
 */
int clock_steps_record(struct clock_steps *c, struct batch *b) MUST_CHECK;
