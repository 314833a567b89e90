/* SPDX-License-Identifier: MIT */
/*
 * run-view: the options that every view has, and a view with them, for the commands that view.
 */
#pragma once

#include "cli/present.h"
#include "cli/tape-options.h"

struct run_view_options {
	struct present_options output;
	struct tape_options reading;
	uint64_t limit;
};

extern const struct option_spec view_specs[];
extern const size_t n_view_specs;

/* path: of the tape; "-": standard input. */
enum status run_view(const char *path, const struct view *view, const void *view_options,
		     const struct run_view_options *o, struct fault *fault);
