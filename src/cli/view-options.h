/* SPDX-License-Identifier: MIT */
/*
 * view-options: the options that every view has.
 */
#pragma once

#include "cli/present.h"
#include "cli/tape-options.h"

struct view_options {
	struct present_options output;
	struct tape_options reading;
	uint64_t limit;
};

/* The options of a struct view_options. */
extern const struct option_table view_option_table;
