/* SPDX-License-Identifier: MIT */
/*
 * pipeline: source, reader, decoder, merge, tracker, filter, view. Every event of a wanted kind
 * passes the tracker; those that the view wants and the filter lets through reach the view. Where
 * the view's rows go is the caller's business, as is what it does with the view's state. Several
 * may be open at a time.
 */
#pragma once

#include "cli/command.h"
#include "cli/moment.h"
#include "render/render.h"
#include "table/limit.h"
#include "tape/reader.h"
#include "tcp/filter.h"
#include "view/view.h"

struct pipeline;

/* What they point to must stay as long as the pipeline. */
struct pipeline_options {
	const char *path; /* "-": standard input */
	const struct view *view;
	const void *view_options;
	struct moment since, until;
	bool is_utc;	 /* since and until are */
	bool from_start; /* all that comes before since is read */
	struct event_filter filter;
};

/* Finds the start of the tape. While a stream is open the first interrupt is not ours: it is meant
 * for the recorder. */
int pipeline_open(const struct pipeline_options *o, struct pipeline **ret,
		  struct fault *fault) MUST_CHECK;
/* Releases the view's state, too. */
struct pipeline *pipeline_close(struct pipeline *p);
DEFINE_CLEANUP(struct pipeline, pipeline_close);

bool pipeline_is_stream(const struct pipeline *p);
/* Good as long as the pipeline; knows the tape's times from its first row on. */
struct render_clock pipeline_clock(struct pipeline *p);

/*
 * Everything from the view's init to its emit; once. Where rows are limited, the tape's rows end
 * once a table is full (NULL: never): the rest of a file is read all the same, for its losses and
 * its end, that of a stream is not. `out` must stay as long as the pipeline.
 */
int pipeline_run(struct pipeline *p, struct table_sink *out, const struct table_limit *limit,
		 struct fault *fault) MUST_CHECK;

/* Of a pipeline that has run. */

/* By the limit, before the tape's end. */
bool pipeline_is_stopped(const struct pipeline *p);
/* The view's. */
void *pipeline_state(struct pipeline *p);
/* What the view was told: since and until on the tape's clock, and what was recorded. */
const struct view_context *pipeline_context(const struct pipeline *p);
const struct tape_meta *pipeline_meta(const struct pipeline *p);
const struct tape_damage *pipeline_damage(const struct pipeline *p);
/* Rows that came out of order. */
uint64_t pipeline_late(const struct pipeline *p);
/* What limits what the view says. */
int pipeline_notes(struct pipeline *p, struct table_sink *out, struct fault *fault) MUST_CHECK;
/* What a command ends with that had this result; the fault says what is damaged. */
enum status pipeline_verdict(const struct pipeline *p, int result, struct fault *fault);
