/* SPDX-License-Identifier: MIT */
/*
 * playback: plays a tape into a view: reader, merge, decoder, tracker, filter, view. Every event of
 * a kind that is read passes the tracker; those that the view wants and the filter lets through
 * reach the view, and so do whole connections. Where the view's rows go is the caller's business,
 * as is what it does with the view's state afterwards. Several may be open at a time.
 *
 * A view here is whatever takes decoded events and whole connections (struct view): it needs not
 * write rows. gather_view does not: it only fills its state, and its caller gives a sink that drops
 * rows. A format that wants events or connections, and no text, is such a view in a room beside
 * view/, with the place that it writes to in its options; it may ignore the sink, whose flush is
 * called before a stream is waited for.
 */
#pragma once

#include "playback/time-window.h"
#include "table/clock.h"
#include "table/limit.h"
#include "tape/reader.h"
#include "tcp/filter.h"
#include "view/view.h"

struct playback;

/* All that they point to must stay as long as the playback. */
struct playback_options {
	const char *path; /* of the tape, for faults; "-": standard input */
	/* Has read no more than the head of the tape; taken when playback_open() succeeds. */
	struct tape_reader *reader;
	const struct view *view;
	const void *view_options;
	struct time_window_spec window;
	bool from_start; /* everything before since is read */
	struct event_filter filter;
	const struct labels *labels; /* the user's names for addresses and ports; NULL: none */
};

int playback_open(const struct playback_options *o, struct playback **ret,
		  struct fault *fault) MUST_CHECK;
/* Releases the view's state, too. */
struct playback *playback_close(struct playback *p);
DEFINE_CLEANUP(struct playback, playback_close);

bool playback_is_stream(const struct playback *p);
/* Good as long as the playback; knows the tape's times from its first row on. */
struct tape_clock playback_clock(struct playback *p);

/*
 * Plays everything, from the view's init to its emit; once. Where rows are limited, the tape's rows
 * end once a table is full (NULL: never): the rest of a file is read all the same, for its losses
 * and its end, that of a stream is not. `out` must stay as long as the playback.
 */
int playback_run(struct playback *p, struct table_sink *out, const struct table_limit *limit,
		 struct fault *fault) MUST_CHECK;

/* The others are for a playback that has run. */

/* Did the limit end it before the tape's end? */
bool playback_is_stopped(const struct playback *p);
/* The view's state. */
void *playback_state(struct playback *p);
const struct tape_meta *playback_meta(const struct playback *p);
const struct tape_damage *playback_damage(const struct playback *p);
/* Events of the view's kinds that only the recording's filter hides from it. */
uint64_t playback_hidden(const struct playback *p);
/* Notes on what limits the view's answer. */
int playback_notes(struct playback *p, struct table_sink *out, struct fault *fault) MUST_CHECK;

/* How a playback ended. */
enum playback_verdict {
	PLAYBACK_WHOLE,
	PLAYBACK_DAMAGED, /* the tape is damaged or cut: the output covers what is whole */
	PLAYBACK_MISUSED, /* the view cannot do what its options ask for */
};
/* After PLAYBACK_DAMAGED the fault says what is damaged. */
enum playback_verdict playback_verdict(const struct playback *p, struct fault *fault);
