/* SPDX-License-Identifier: MIT */
/*
 * host-load: how busy the whole host was, by its counters: CPU time, pressure, and the softirqs
 * that receive packets.
 */
#pragma once

#include "counter/book.h"
#include "detect/findings.h"

struct host_load {
	struct counter_change dropped; /* the sum over CPUs; name, worst second: the worst CPU's */
	uint64_t squeezed;	       /* softirqs that had to stop early */
	uint64_t net_rx;	       /* softirqs that received packets */
	uint64_t stolen, ticks;	       /* that the hypervisor took, of all */
	uint64_t stolen_ppm, idle_ppm; /* of the ticks */
	bool has_pressure;	       /* the kernel measures it */
	/* Of the time between the first and the last reading: some, or all, tasks waited. */
	uint64_t cpu_some_ppm, memory_some_ppm, memory_full_ppm, io_some_ppm;
};

/* False: the tape has no such counters. */
bool host_load_of(const struct findings *f, struct host_load *ret);
/* Writes "98% of the time some task waited for a CPU, ..."; nothing where nothing is known. */
void host_load_text(const struct host_load *h, struct text *t);
