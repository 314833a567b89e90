/* SPDX-License-Identifier: MIT */
/*
 * tape-options: the options of every command that plays a tape: which part of the tape, and how its
 * times are written.
 */
#pragma once

#include "tcp/filter-options.h"
#include "playback/time-spec.h"
#include "playback/playback.h"
#include "render/render.h"

/* --labels: the file, and the names that are in it. */
struct label_choice {
	const char *path; /* NULL: no file was chosen */
	struct labels names;
};

struct tape_options {
	enum render_time time;
	struct time_spec since, until;
	bool from_start;
	struct event_filter filter; /* label_names is not set: see tape_options_playback() */
	struct label_choice labels;
};

/* The options of a struct tape_options. */
extern const struct option_table tape_option_table;

/* The names of --labels; NULL: there are none. */
const struct labels *tape_options_labels(const struct tape_options *r);
/* --since and --until. */
struct time_window_spec tape_options_window(const struct tape_options *r);
/* The options as playback takes them; the tape, the view and its options are still to be filled
 * in. */
struct playback_options tape_options_playback(const struct tape_options *r);
