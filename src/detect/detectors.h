/* SPDX-License-Identifier: MIT */
/*
 * detectors: all of them, in the order in which they look.
 */
#pragma once

#include "detect/detector.h"

extern const struct detector *const detectors[];
extern const size_t n_detectors;

/* The options with which the gather view gathers for all of them. */
extern const struct gather_options detectors_gather_options;
