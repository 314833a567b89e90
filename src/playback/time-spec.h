/* SPDX-License-Identifier: MIT */
/*
 * time-spec: a --since or --until as it was typed: "+5s" after the tape's start, "10:32" on its
 * day, or a date. What it stands for is known only once the tape is open (playback/time-window.h).
 */
#pragma once

#include "base/fault.h"
#include "tape/meta.h"

struct time_spec {
	const char *typed; /* NULL: not given */
	bool is_relative;
	uint64_t after_ns; /* after the start, when is_relative */
};

/* The tape clock's time that a relative one means. */
uint64_t time_spec_after(const struct time_spec *spec, const struct tape_meta *meta);
/* The wall time that another one means. -EINVAL: it is no time, or the tape does not know wall
 * time. */
int time_spec_wall(const struct time_spec *spec, const struct tape_meta *meta, bool utc,
		   int64_t *ret_real_ns, struct fault *fault) MUST_CHECK;
