// SPDX-License-Identifier: MIT
/*
 * view: makes the command of each view.
 */
#include "cli/commands.h"
#include "cli/run-view.h"

static enum status view_run(const struct invocation *inv, struct fault *fault)
{
	return run_view(inv->tapes, inv->view, inv->view_options, inv->options, fault);
}

struct command command_of_view(const struct view *v)
{
	return (struct command){
		.name = v->name,
		.summary = v->summary,
		.usage = "TAPE",
		.detail = v->detail,
		.options = &view_option_table,
		.options_size = sizeof(struct view_options),
		.reads_tapes = true,
		.n_tapes = 1,
		.min_operands = 1,
		.max_operands = 1,
		.view = v,
		.run = view_run,
	};
}
