/* SPDX-License-Identifier: MIT */
/*
 * time-spec: a --since or --until as it was typed: "+5s" after the tape's start, "10:32" on its day,
 * or a date. What it means on the tape's clock is known only once the tape is open.
 */
#pragma once

#include "base/fault.h"
#include "tape/meta.h"

struct time_spec {
	const char *typed; /* NULL: not given */
	bool is_relative;
	uint64_t after_ns; /* relative ones */
};

/* The tape clock's start: of the recording where the tape says so, else of its first rows. */
uint64_t tape_start_ns(const struct tape_meta *meta);
/* -EINVAL: the tape does not know wall time. */
int time_spec_resolve(const struct time_spec *m, const struct tape_meta *meta, bool utc,
		      uint64_t *ret_ns, struct fault *fault) MUST_CHECK;
