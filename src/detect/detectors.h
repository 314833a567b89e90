/* SPDX-License-Identifier: MIT */
/*
 * detectors: each defined at the end of its own file.
 */
#pragma once

#include "detect/findings.h"

extern const struct detector detector_stalled;
extern const struct detector detector_synchronised;
extern const struct detector detector_loss;
extern const struct detector detector_timeouts;
extern const struct detector detector_tail_loss;
extern const struct detector detector_unreachable;
extern const struct detector detector_backlog;
extern const struct detector detector_connects;
extern const struct detector detector_slow_connects;
extern const struct detector detector_resets;
extern const struct detector detector_window;
extern const struct detector detector_local;
extern const struct detector detector_checksum;
extern const struct detector detector_quiet;
