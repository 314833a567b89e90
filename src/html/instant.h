/* SPDX-License-Identifier: MIT */
/*
 * instant: times of the tape's clock as the scripts of a page know them: in microseconds since
 * 1970, or since the start of the tape where that was asked for or the wall time is unknown.
 */
#pragma once

#include "base/text.h"
#include "render/render.h"

struct html_instants {
	enum render_time mode; /* RENDER_TIME_REL also where the wall time is unknown */
	struct tape_clock clock;
	int64_t offset_s; /* of the local time zone to UTC, at the time near_ns */
	const char *zone; /* name of the zone; valid until the process changes its time zone */
};

/* near_ns: a time on the page, which decides between summer and winter time. */
struct html_instants html_instants_for(const struct render_options *o, uint64_t near_ns);
int64_t html_instant(const struct html_instants *i, uint64_t ts_ns);
/* The instant of near_ns, plus the time from near_ns to ts_ns by the tape's clock. All instants
 * with the same near_ns stay in line with each other where the wall clock was set or slewed. */
int64_t html_instant_from(const struct html_instants *i, uint64_t near_ns, uint64_t ts_ns);
