/* SPDX-License-Identifier: MIT */
/*
 * priority: gets the recorder a CPU on a host that has none to spare. Rings overflow when nobody
 * drains them, so by default the thread that drains them has the lowest nice value there is. The
 * writer thread can wait for as long as there are free batches: it has a nice value with which two
 * busy programs do not starve it. Neither uses more CPU time than it would otherwise, it only gets
 * it sooner. With --realtime the draining thread runs before everything else (SCHED_FIFO), and
 * rests now and then, so that it cannot keep a CPU from the rest of the host. The writer thread
 * stays as it is: it never rests while there is something to compress.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

/* Nice values, where they are allowed (CAP_SYS_NICE, RLIMIT_NICE). The weights of -20 and -10 are
 * 87 and 9 times that of 0 (sched_prio_to_weight of kernel/sched/core.c): beside two programs that
 * never sleep, a thread of -10 still gets four fifths of its CPU, if it wants them. */
#define PRIORITY_NICE_DRAIN  (-20)
#define PRIORITY_NICE_WRITER (-10)

/* With --realtime the thread rests for REST as soon as it has worked for WORK without a rest. */
#define PRIORITY_WORK_NS (50 * NSEC_PER_MSEC)
#define PRIORITY_REST_NS (5 * NSEC_PER_MSEC)
/* CPU time without a rest after which the kernel sends SIGXCPU, and after which it kills
 * (RLIMIT_RTTIME): for what should not happen. */
#define PRIORITY_LIMIT_US (2 * 1000 * 1000)
#define PRIORITY_KILL_US  (10 * 1000 * 1000)

struct priority {
	unsigned int realtime; /* 1 to 99; 0: not wanted */
	bool is_realtime;      /* this thread has it now */
	uint64_t rested_ns;    /* the end of the last rest */
};

/* Lowers the nice value of this thread, and of those that it will start, to this value. */
void priority_nice(int nice);
/* Tries whether the realtime priority can be had. The fault says what is missing. */
int priority_check(const struct priority *p, struct fault *fault) MUST_CHECK;
/* Gives this thread its realtime priority, if one is wanted. */
int priority_begin(struct priority *p, uint64_t now, struct fault *fault) MUST_CHECK;
/* Takes it away again. */
void priority_end(struct priority *p);
/* True if the thread has to rest now: the caller sleeps PRIORITY_REST_NS. */
bool priority_needs_rest(const struct priority *p, uint64_t now);
/* The thread has slept. */
static inline void priority_rested(struct priority *p, uint64_t now)
{
	p->rested_ns = now;
}
