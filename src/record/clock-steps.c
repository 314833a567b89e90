// SPDX-License-Identifier: MIT
#include "record/clock-steps.h"

#include <errno.h>
#include <unistd.h>

#include "base/units.h"
#include "kernel/clock.h"
#include "record/metadata.h"

/* Two readings of how long the host has slept may differ by the time that a reading takes. */
#define SLEEP_MIN_NS NSEC_PER_MSEC

int clock_steps_open(struct clock_steps *c, struct fault *fault)
{
	int fd = clock_watch_open();

	if (fd < 0)
		return fault_errno(fault, fd, "timerfd of the wall clock");
	*c = (struct clock_steps){.fd = fd, .slept_ns = clock_slept(), .is_due = true};
	return 0;
}

void clock_steps_done(struct clock_steps *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

void clock_steps_take(struct clock_steps *c)
{
	clock_watch_clear(c->fd);
	c->is_due = true;
}

static int sleep_record(struct clock_steps *c, struct batch *b)
{
	uint64_t slept = clock_slept();
	struct sleep_record record = {.mono_ns = clock_now(), .slept_ns = slept - c->slept_ns};

	if (slept < c->slept_ns || record.slept_ns < SLEEP_MIN_NS)
		return 0;
	c->slept_ns = slept;
	if (sleep_record_encode(&b->sleeps.records, &record) < 0)
		return -ENOMEM;
	batch_records_count(&b->sleeps, record.mono_ns);
	return 0;
}

int clock_steps_record(struct clock_steps *c, struct batch *b)
{
	int r = sleep_record(c, b);

	if (!r)
		r = metadata_clock(&b->clocks);
	if (!r)
		c->is_due = false;
	return r;
}
