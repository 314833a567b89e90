/* SPDX-License-Identifier: MIT */
/*
 * timestamp: writes times of the tape's clock for people or programs. Converting a time to a date
 * costs more than all other cells of a row, so the text of the last second is cached.
 */
#pragma once

#include "render/render.h"

struct timestamp {
	enum render_time mode;
	struct tape_clock clock;
	bool has_second;
	int64_t second; /* since 1970; the second whose text is cached */
	char kept[24];	/* the text of that second: "10:32:07" or "2026-11-21T10:32:07" */
	uint8_t n_kept; /* its length in bytes */
	bool is_data;	/* RFC 3339 in UTC, whatever the mode is */
};

/* Makes a timestamp for people, which writes times as o->time says. */
struct timestamp timestamp_for_text(const struct render_options *o);
/* Makes a timestamp for programs, which writes RFC 3339 in UTC with nanoseconds. */
struct timestamp timestamp_for_data(const struct render_options *o);
/*
 * Writes the time ts_ns of the tape's clock, at most 40 bytes, and returns the end of them.
 * decimals: digits after the second, at most 9; seconds since 1970 or since the start have at least
 * six. Where the wall time is unknown, people get seconds since the start, and programs nothing:
 * `at` itself is returned.
 */
char *timestamp_put(struct timestamp *s, char *at, uint64_t ts_ns, unsigned int decimals);
