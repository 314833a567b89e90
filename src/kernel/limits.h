/* SPDX-License-Identifier: MIT */
/*
 * limits: makes room for the many descriptors of a recording: one per tracepoint and CPU, and one
 * per network namespace.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Descriptors that a recording needs beyond those: the tape, signals, timers, files of /proc. */
#define LIMITS_FILES_SPARE 64u

/*
 * Raises the soft limit of open files so that `more` fit beside those that are open now, and
 * LIMITS_FILES_SPARE; the hard limit too where that is allowed. True if they fit. *ret_limit is the
 * soft limit that holds now.
 */
bool limits_raise_files(uint64_t more, uint64_t *ret_limit);
