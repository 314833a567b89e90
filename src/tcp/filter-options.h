/* SPDX-License-Identifier: MIT */
/*
 * filter-options: the options of an event filter (--port, --addr, --pid, ...), the same for
 * recording and for viewing, and the text of a filter that a tape stores.
 */
#pragma once

#include "base/options.h"
#include "tcp/filter.h"

/* The options of a struct event_filter. */
extern const struct option_table filter_option_table;

/* Appends the options as they would be typed: "--port 80,443 -4"; nothing for an empty filter.
 * Names of labels are left out: no recording has them. */
void filter_text(const struct event_filter *f, struct text *t);
/* Appends the option with its names, "--comm curl,ssh"; nothing if there are none. */
void filter_names_text(struct text *t, const char *option, const struct filter_names *p);
/* Parses what filter_text() wrote, such as the filter that a tape was recorded with. Lists and
 * names go to the arena. 0, -EINVAL, -ENOMEM. */
int filter_parse(const char *line, struct arena *arena, struct event_filter *ret) MUST_CHECK;
