// SPDX-License-Identifier: MIT
/*
 * view: makes the command of each view, and defines the options that all views share.
 */
#include <errno.h>

#include "cli/commands.h"
#include "cli/run-view.h"

static const struct option_spec limit_specs[] = {
	{"limit", 0, "N", "at most N rows", option_u64, offsetof(struct run_view_options, limit),
	 NULL},
};
static const struct option_table limit_options = {.specs = limit_specs,
						  .n_specs = ARRAY_SIZE(limit_specs)};
static const struct option_part parts[] = {
	{NULL, &present_option_table, offsetof(struct run_view_options, output)},
	{NULL, &limit_options, 0},
	{NULL, &tape_option_table, offsetof(struct run_view_options, reading)},
};
const struct option_table view_option_table = {.parts = parts, .n_parts = ARRAY_SIZE(parts)};

static enum status view_run(const struct invocation *inv, struct fault *fault)
{
	return run_view(inv->operands[0], inv->view, inv->view_options, inv->options, fault);
}

struct command command_of_view(const struct view *v)
{
	return (struct command){
		.name = v->name,
		.summary = v->summary,
		.usage = "TAPE",
		.detail = v->detail,
		.options = &view_option_table,
		.options_size = sizeof(struct run_view_options),
		.min_operands = 1,
		.max_operands = 1,
		.view = v,
		.run = view_run,
	};
}
