/* SPDX-License-Identifier: MIT */
/*
 * clocks-ahead: reads all CLOCK records of a finished tape before its rows, by its INDEX, so that
 * rows outside of a window of wall time need not be read.
 */
#pragma once

#include "tape/index.h"
#include "tape/wall-clock.h"

/*
 * Fills *ret, whose memory is the arena's, as reading the whole tape would fill meta.wall. Returns
 * 1; 0 if that cannot be told without reading the tape; -ENOMEM. The source stays where it is.
 */
int clocks_ahead_read(const struct tape_index *index, const struct source *s, struct arena *arena,
		      struct wall_clock *ret, struct fault *fault) MUST_CHECK;
