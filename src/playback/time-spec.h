/* SPDX-License-Identifier: MIT */
/*
 * time-spec: a --since or --until as it was typed: "+5s" after the tape's start, "10:32" on its
 * day, or a date. Which time on the tape's clock it stands for is known only once the tape is open.
 */
#pragma once

#include "base/fault.h"
#include "tape/meta.h"

struct time_spec {
	const char *typed; /* NULL: not given */
	bool is_relative;
	uint64_t after_ns; /* after the start, when is_relative */
};

/* The start of the recording on the tape's clock, or of its first rows where it has no CLOCK. */
uint64_t tape_start_ns(const struct tape_meta *meta);
/* The time on the tape's clock. -EINVAL: it is no time, or the tape does not know wall time. */
int time_spec_resolve(const struct time_spec *spec, const struct tape_meta *meta, bool utc,
		      uint64_t *ret_ns, struct fault *fault) MUST_CHECK;
