/* SPDX-License-Identifier: MIT */
/*
 * playback: source, reader, decoder, merge, tracker, filter, view. Every event of a wanted kind
 * passes the tracker; those that the view wants and the filter lets through reach the view. Where
 * the view's rows go is the caller's business, as is what it does with the view's state. Several
 * may be open at a time.
 */
#pragma once

#include "playback/time-spec.h"
#include "table/clock.h"
#include "table/limit.h"
#include "tape/reader.h"
#include "tcp/filter.h"
#include "view/view.h"

struct playback;

/* What they point to must stay as long as the pipeline. */
struct playback_options {
	const char *path; /* "-": standard input */
	const struct view *view;
	const void *view_options;
	struct time_spec since, until;
	bool is_utc;	 /* since and until are */
	bool from_start; /* all that comes before since is read */
	struct event_filter filter;
};

/* Finds the start of the tape. */
int playback_open(const struct playback_options *o, struct playback **ret,
		  struct fault *fault) MUST_CHECK;
/* Releases the view's state, too. */
struct playback *playback_close(struct playback *p);
DEFINE_CLEANUP(struct playback, playback_close);

bool playback_is_stream(const struct playback *p);
/* Good as long as the pipeline; knows the tape's times from its first row on. */
struct tape_clock playback_clock(struct playback *p);

/*
 * Everything from the view's init to its emit; once. Where rows are limited, the tape's rows end
 * once a table is full (NULL: never): the rest of a file is read all the same, for its losses and
 * its end, that of a stream is not. `out` must stay as long as the pipeline.
 */
int playback_run(struct playback *p, struct table_sink *out, const struct table_limit *limit,
		 struct fault *fault) MUST_CHECK;

/* Of a pipeline that has run. */

/* By the limit, before the tape's end. */
bool playback_is_stopped(const struct playback *p);
/* The view's. */
void *playback_state(struct playback *p);
const struct tape_meta *playback_meta(const struct playback *p);
const struct tape_damage *playback_damage(const struct playback *p);
/* Rows that came out of order. */
uint64_t playback_late(const struct playback *p);
/* What limits what the view says. */
int playback_notes(struct playback *p, struct table_sink *out, struct fault *fault) MUST_CHECK;
/* What a finished run says about itself. */
enum playback_verdict {
	PLAYBACK_WHOLE,
	PLAYBACK_DAMAGED, /* the tape is damaged or cut: the output covers what is whole */
	PLAYBACK_MISUSED, /* the view cannot do what its options ask for */
};
/* After PLAYBACK_DAMAGED the fault says what is damaged. */
enum playback_verdict playback_verdict(const struct playback *p, struct fault *fault);
