/* SPDX-License-Identifier: MIT */
/*
 * timestamp: moments of the tape clock as people and programs read them. Breaking a moment down into a
 * date costs more than everything else in a row, so the last second is remembered.
 */
#pragma once

#include "render/render.h"

struct timestamp {
	enum render_time mode;
	struct tape_clock clock;
	bool has_second;
	int64_t second; /* the one that is remembered */
	char words[24]; /* "10:32:07" or "2026-11-21T10:32:07" */
	uint8_t n_words;
	bool is_data; /* RFC 3339, UTC */
};

/* For text: what `mode` says. */
struct timestamp timestamp_for_text(const struct render_options *o);
/* For data: RFC 3339 in UTC, nine digits. */
struct timestamp timestamp_for_data(const struct render_options *o);
/* At most 40 bytes; returns the place behind. For data, `at` itself when the wall time is unknown. */
char *timestamp_put(struct timestamp *f, char *at, uint64_t ts_ns, unsigned int decimals);
