/* SPDX-License-Identifier: MIT */
/*
 * idle-timers: after how long devices on the way are known to forget connections without traffic.
 */
#pragma once

#include <stdint.h>

struct idle_timer {
	uint32_t s;
	const char *whose; /* a sentence; NULL: of many kinds of devices */
};

/* A connection is used again at any time after the timer: percent of it, at most, so that the timer
 * still fits. */
#define IDLE_TIMER_ABOVE 15u
/* The timer that fits, where connections were forgotten after ns and more; NULL: none. */
const struct idle_timer *idle_timer_of(uint64_t ns);
