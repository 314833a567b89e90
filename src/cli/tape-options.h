/* SPDX-License-Identifier: MIT */
/*
 * tape-options: what of a tape is looked at, and how its times are said: options that every command has
 * that reads one.
 */
#pragma once

#include "tcp/filter-options.h"
#include "playback/time-spec.h"
#include "playback/playback.h"
#include "render/render.h"

struct tape_options {
	enum render_time time;
	struct time_spec since, until;
	bool from_start;
	struct event_filter filter;
};

int option_time_spec(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_time(void *value, const char *arg, struct arena *arena, struct fault *fault);

/* The specs for a struct tape_options that is `member` of `type`. */
#define TAPE_OPTION_SPECS(type, member)                                                             \
	{"time",      0,                                                                            \
	 "CLOCK",     "local, utc, rel (since the tape's start) or unix",                           \
	 option_time, offsetof(type, member.time)},                                                 \
		{"since",                                                                           \
		 0,                                                                                 \
		 "TIME",                                                                            \
		 "from 10:32, +5s (after the tape's start) or\n2026-11-21T10:32:07",                \
		 option_time_spec,                                                                  \
		 offsetof(type, member.since)},                                                     \
		{"until", 0, "TIME", "up to then", option_time_spec, offsetof(type, member.until)}, \
		{"from-start",                                                                      \
		 0,                                                                                 \
		 NULL,                                                                              \
		 "with --since: read all that comes before, too, for owners and\nages that are "    \
		 "older (slow on a long tape)",                                                     \
		 option_flag,                                                                       \
		 offsetof(type, member.from_start)},                                                \
		FILTER_SPECS(type, member.filter)

/* The pipeline's part of it. The view and its options are still to be filled in. */
struct playback_options tape_options_playback(const struct tape_options *r, const char *path);
