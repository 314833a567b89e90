/* SPDX-License-Identifier: MIT */
/*
 * clock-steps: where the wall clock of the recording host was set while it recorded, and where the
 * host slept.
 */
#pragma once

#include "base/text.h"
#include "playback/time-window.h"
#include "table/table.h"

struct clock_step {
	uint64_t ts_ns;	   /* tape clock; when the recorder noticed it */
	int64_t before_ns; /* the wall time that it would have been */
	int64_t after_ns;  /* the wall time that it was from then on */
	uint64_t slept_ns; /* so much of the difference was a sleep of the host; 0: none */
};

/* How many steps the tape has told of so far. */
size_t clock_steps_count(const struct tape_meta *meta);
struct clock_step clock_steps_get(const struct tape_meta *meta, size_t i);
/* By how much the clock was set, without what the host slept; 0: it only slept. */
int64_t clock_step_set_ns(const struct clock_step *s);
/* Appends one line about it, with local time or UTC. */
void clock_step_text(const struct clock_step *s, bool is_utc, struct text *t);

/* Notes on steps, and on a --since or --until that the wall clock showed twice or never. */
int clock_steps_notes(const struct tape_meta *meta, const struct time_window_spec *spec,
		      struct table_sink *out, struct fault *fault) MUST_CHECK;
