/* SPDX-License-Identifier: MIT */
/*
 * run-view: runs a view with the options that every view has, for the commands that show one.
 */
#pragma once

#include "cli/tape-file.h"
#include "cli/view-options.h"

/* view_options: the struct of the view's own
 * options. */
enum status run_view(const struct tape_file *tape, const struct view *view,
		     const void *view_options, const struct view_options *o, struct fault *fault);
