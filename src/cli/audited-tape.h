/* SPDX-License-Identifier: MIT */
/*
 * audited-tape: what the kernel counted against what a tape has, for commands that do not analyse
 * it otherwise: info and check.
 */
#pragma once

#include "detect/audit.h"
#include "tape/meta.h"

struct audited_tape {
	struct audit audit;
	bool is_done;
	const char *why_not; /* NULL: done, or the tape has no counters */
};

/* Reads the tape a second time, to count its events. meta is what the first reading found. A stream
 * and a tape of more than rows_max rows (0: no limit) are left out. */
int audited_tape_make(const char *path, const struct tape_meta *meta, uint64_t rows_max,
		      struct audited_tape *ret, struct fault *fault) MUST_CHECK;
