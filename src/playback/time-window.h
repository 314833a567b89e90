/* SPDX-License-Identifier: MIT */
/*
 * time-window: the part of a recording that --since and --until ask for. It is one piece of the
 * tape's clock, also where the wall clock was set on the way: it begins at the first moment whose
 * wall time lies in the window, and ends at the first one after that whose wall time does not come
 * before its end. So what it is depends only on what stands on the tape before that moment.
 */
#pragma once

#include "playback/time-spec.h"

struct time_window_spec {
	struct time_spec since, until;
	bool is_utc; /* they are given in UTC, not in local time */
};

struct time_window {
	/* 0, UINT64_MAX: from the start, to the end. since_ns UINT64_MAX: the wall clock has not
	 * shown a time in the window so far. */
	uint64_t since_ns, until_ns;
};

/* Is one of them wall time, which later CLOCK records of the tape may give another meaning? */
bool time_window_needs_wall(const struct time_window_spec *spec);
/*
 * The window, by the wall clock as far as it is known. The start of the tape is that of `meta`.
 * -EINVAL: one of the times is none, or the tape does not know wall time.
 */
int time_window_resolve(const struct time_window_spec *spec, const struct tape_meta *meta,
			const struct wall_clock *wall, struct time_window *ret,
			struct fault *fault) MUST_CHECK;
