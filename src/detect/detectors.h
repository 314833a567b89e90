/* SPDX-License-Identifier: MIT */
/*
 * detectors: the list of all detectors, in the order in which they run.
 */
#pragma once

#include "detect/detector.h"

extern const struct detector *const detectors[];
extern const size_t n_detectors;

/* The detector with this id, or NULL. */
const struct detector *detector_by_id(const char *id);

/* The options with which the gather view gathers for all detectors. */
extern const struct gather_options detectors_gather_options;
