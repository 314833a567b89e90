/* SPDX-License-Identifier: MIT */
/*
 * run-view: runs a view with the options that every view has, for the commands that show one.
 */
#pragma once

#include "cli/present.h"
#include "cli/tape-options.h"

struct run_view_options {
	struct present_options output;
	struct tape_options reading;
	uint64_t limit;
};

/* The options of a struct run_view_options. */
extern const struct option_table view_option_table;

/* path names the tape; "-" is standard input. view_options: the struct of the view's own
 * options. */
enum status run_view(const char *path, const struct view *view, const void *view_options,
		     const struct run_view_options *o, struct fault *fault);
