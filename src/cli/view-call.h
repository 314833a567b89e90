/* SPDX-License-Identifier: MIT */
/*
 * view-call: the options that every view has, and a view with them, for the commands that view.
 */
#pragma once

#include "cli/filter-options.h"
#include "cli/moment.h"
#include "cli/present.h"

struct view_call_options {
	struct present_options output;
	enum render_time time;
	uint64_t limit;
	struct moment since, until;
	bool from_start;
	struct event_filter filter;
};

extern const struct option_spec view_specs[];
extern const size_t n_view_specs;

/* path: of the tape; "-": standard input. */
enum status view_call(const char *path, const struct view *view, const void *view_options,
		      const struct view_call_options *o, struct fault *fault);
