// SPDX-License-Identifier: MIT
#include "cli/view-options.h"

#include <stddef.h>

static const struct option_spec limit_specs[] = {
	{"limit", 0, "N", "at most N rows", option_u64, offsetof(struct view_options, limit), NULL},
};
static const struct option_table limit_options = {.specs = limit_specs,
						  .n_specs = ARRAY_SIZE(limit_specs)};
static const struct option_part parts[] = {
	{NULL, &present_option_table, offsetof(struct view_options, output)},
	{NULL, &limit_options, 0},
	{NULL, &tape_option_table, offsetof(struct view_options, reading)},
};
const struct option_table view_option_table = {.parts = parts, .n_parts = ARRAY_SIZE(parts)};
