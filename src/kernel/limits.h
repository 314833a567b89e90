/* SPDX-License-Identifier: MIT */
/*
 * limits: makes room for the many descriptors of a recording: one per tracepoint and CPU.
 */
#pragma once

#include <stdint.h>

/*
 * Raises the soft limit of open files so that `want` more fit, and the hard limit too where that is
 * allowed. Returns the soft limit that holds now; 0: unknown. A limit that stays too low is no
 * error here: the call that opens one descriptor too many reports EMFILE.
 */
uint64_t limits_raise_files(uint64_t want);
