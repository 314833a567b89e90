/* SPDX-License-Identifier: MIT */
/*
 * instant: a time in the form that the scripts of a page use: microseconds since 1970, or since the
 * start of the tape if that was asked for or the wall time is unknown.
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

/* Prepares the conversion of times to instants. near_ns: a time on the page, which decides between
 * summer and winter time. */
struct html_instants html_instants_for(const struct render_options *o, uint64_t near_ns);
int64_t html_instant(const struct html_instants *i, uint64_t ts_ns);
/* Gives the instant of near_ns, plus the time from near_ns to ts_ns by the tape's clock.
 * Differences between instants with the same near_ns are thus right even where the wall clock was
 * set or slewed. */
int64_t html_instant_from(const struct html_instants *i, uint64_t near_ns, uint64_t ts_ns);
