// SPDX-License-Identifier: MIT
/*
 * The command of every view, and the options that all of them share.
 */
#include <errno.h>

#include "cli/commands.h"
#include "cli/run-view.h"

#define AT(member) offsetof(struct run_view_options, member)

const struct option_spec view_specs[] = {
	PRESENT_SPECS(struct run_view_options, output),
	{"limit", 0, "N", "at most N rows", option_u64, AT(limit)},
	TAPE_OPTION_SPECS(struct run_view_options, reading),
};

const size_t n_view_specs = ARRAY_SIZE(view_specs);

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
		.options = view_specs,
		.n_options = ARRAY_SIZE(view_specs),
		.options_size = sizeof(struct run_view_options),
		.min_operands = 1,
		.max_operands = 1,
		.view = v,
		.run = view_run,
	};
}
