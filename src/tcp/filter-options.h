/* SPDX-License-Identifier: MIT */
/*
 * filter-options: the options that choose connections, the same for recording and viewing.
 */
#pragma once

#include "base/options.h"
#include "tcp/filter.h"

/* The options of a struct event_filter. */
extern const struct option_table filter_option_table;

/* The options as they would be typed: "--port 80,443 -4"; "" for an empty filter. */
void filter_text(const struct event_filter *f, struct text *t);
/* And back: what a tape says it was recorded with. 0, -EINVAL, -ENOMEM. */
int filter_parse(const char *line, struct arena *arena, struct event_filter *ret) MUST_CHECK;
