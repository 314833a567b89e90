/* SPDX-License-Identifier: MIT */
/*
 * moment: a --since or --until as it was typed: "+5s" after the tape's start, "10:32" on its day,
 * or a date. What it means on the tape's clock is known only once the tape is open.
 */
#pragma once

#include "base/arena.h"
#include "tape/meta.h"

struct moment {
	const char *typed; /* NULL: not given */
	bool is_relative;
	uint64_t after_ns; /* relative ones */
};

int option_moment(void *value, const char *arg, struct arena *arena, struct fault *fault);
/* The tape clock's start: of the recording where the tape says so, else of its first rows. */
uint64_t moment_start(const struct tape_meta *meta);
/* -EINVAL: the tape does not know wall time. */
int moment_resolve(const struct moment *m, const struct tape_meta *meta, bool utc, uint64_t *ret_ns,
		   struct fault *fault) MUST_CHECK;
