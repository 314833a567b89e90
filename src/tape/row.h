/* SPDX-License-Identifier: MIT */
/*
 * row: one record of a tracepoint as it stands on a tape. merge/ gives rows in the order of time,
 * and decode/ makes events from them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tape/meta.h"

/* All pointers are borrowed from the reader of the tape. */
struct tape_row {
	uint64_t ts_ns; /* CLOCK_MONOTONIC of the recording host */
	uint32_t cpu;
	uint32_t chain; /* number of its call chain; 0: none */
	const struct tape_tracepoint *tracepoint;
	const uint8_t *data; /* as the kernel wrote it, byte order of its host */
	size_t len;
};
