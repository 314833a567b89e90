/* SPDX-License-Identifier: MIT */
/*
 * instant: moments of the tape clock as the scripts of a page know them: microseconds, since
 * 1970 where the wall time is known and asked for, else since the start of the tape.
 */
#pragma once

#include "base/text.h"
#include "render/render.h"

struct html_instants {
	enum render_time mode; /* RENDER_TIME_REL also when the wall time is unknown */
	struct tape_clock clock;
	int64_t offset_s; /* of the local time zone, at the time of `near` */
	const char *zone; /* its name; good until the time zone changes */
};

/* near_ns: a moment that the page is about. */
struct html_instants html_instants_for(const struct render_options *o, uint64_t near_ns);
int64_t html_instant(const struct html_instants *i, uint64_t ts_ns);
/* The same, but counted by the tape clock from `near`: where the wall clock was set or slewed,
 * still in line with everything else that is counted so. */
int64_t html_instant_from(const struct html_instants *i, uint64_t near_ns, uint64_t ts_ns);
