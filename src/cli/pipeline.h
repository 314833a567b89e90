/* SPDX-License-Identifier: MIT */
/*
 * pipeline: source, reader, decoder, merge, tracker, filter, view. Every event of a wanted kind
 * passes the tracker; those that the view wants and the filter lets through reach the view.
 */
#pragma once

#include "cli/moment.h"
#include "cli/present.h"
#include "table/limit.h"
#include "view/filter.h"
#include "view/view.h"

struct pipeline_options {
	const char *path; /* "-": standard input */
	const struct view *view;
	const void *view_options;
	struct present_options output;
	enum render_time time;
	uint64_t limit; /* rows per table; 0: all */
	struct moment since, until;
	bool from_start; /* all that comes before since is read */
	struct event_filter filter;
};

/* Runs it to the end. */
enum status pipeline_run(const struct pipeline_options *o, struct fault *fault);
