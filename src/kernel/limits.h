/* SPDX-License-Identifier: MIT */
/*
 * limits: room for one descriptor per tracepoint and CPU.
 */
#pragma once

#include <stdint.h>

/*
 * Raises the soft limit of open files so that `want` more fit, the hard one too where that is
 * allowed. Returns the limit that holds now. Not enough is no failure here: whoever opens one too
 * many says so.
 */
uint64_t limits_raise_files(uint64_t want);
