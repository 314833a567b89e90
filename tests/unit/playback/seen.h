/* SPDX-License-Identifier: MIT */
/*
 * seen: tapes from a script, read or played, and a view that writes down what it is given.
 */
#pragma once

#include "base/text.h"
#include "playback/playback.h"

/* The script's tape as a file, whose path is written over "XXXXXX" at the end of `path`. */
void seen_tape(const char *script, char *path);
/* A reader that has read the script's tape to its end. */
struct tape_reader *seen_reader(const char *script);

/* Options of the view. */
struct seen_options {
	tcp_kinds kinds;
	bool is_refused; /* init returns -EINVAL */
};

/*
 * The state of the view: a line for each event, "100 700 connect": the nanoseconds of its time
 * after the tape clock's second 1000, the owner, how the owner is known.
 */
struct seen {
	struct seen_options options;
	const struct view_context *context;
	struct text text;
	size_t n_events;
	bool is_emitted;
};

extern const struct view seen_view;

/* A sink that keeps notes, one a line. */
struct notes {
	struct text text;
	struct table_sink sink;
};

/* *n does not move afterwards. */
void notes_init(struct notes *n);
void notes_done(struct notes *n);

/* Opens the tape at o->path. */
struct playback *seen_open(const struct playback_options *o);
/* Plays a tape into the view, and the notes into `notes`. The playback is open. */
struct playback *seen_play(const struct playback_options *o, struct notes *notes);
