/* SPDX-License-Identifier: MIT */
/*
 * detectors: the list of all detectors, in the order in which they run, and their run.
 */
#pragma once

#include "detect/detector.h"

extern const struct detector *const detectors[];
extern const size_t n_detectors;

/* The detector with this id, or NULL. */
const struct detector *detector_by_id(const char *id);

/* The options with which the gather view gathers for all detectors. */
extern const struct gather_options detectors_gather_options;

/* Runs every detector, and sorts the findings, the worst first. f->in must have been gathered with
 * detectors_gather_options. 0 or -ENOMEM. */
int detectors_run(struct findings *f) MUST_CHECK;
