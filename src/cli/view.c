// SPDX-License-Identifier: MIT
/*
 * The command of every view, and the options that all of them share.
 */
#include <errno.h>

#include "cli/commands.h"
#include "cli/view-call.h"

static int option_time(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	static const char *const words[] = {
		[RENDER_TIME_LOCAL] = "local",
		[RENDER_TIME_UTC] = "utc",
		[RENDER_TIME_REL] = "rel",
		[RENDER_TIME_UNIX] = "unix",
	};
	int i = option_choice("time", arg, words, ARRAY_SIZE(words), fault);

	if (i < 0)
		return i;
	*(enum render_time *)value = (enum render_time)i;
	return 0;
}

#define AT(member) offsetof(struct view_call_options, member)

const struct option_spec view_specs[] = {
	PRESENT_SPECS(struct view_call_options, output),
	{"time", 0, "CLOCK", "local, utc, rel (since the tape's start) or unix", option_time,
	 AT(time)},
	{"limit", 0, "N", "at most N rows", option_u64, AT(limit)},
	{"since", 0, "TIME", "from 10:32, +5s (after the tape's start) or\n2026-11-21T10:32:07",
	 option_moment, AT(since)},
	{"until", 0, "TIME", "up to then", option_moment, AT(until)},
	{"from-start", 0, NULL,
	 "with --since: read all that comes before, too, for owners and\nages that are older (slow "
	 "on a long tape)",
	 option_flag, AT(from_start)},
	FILTER_SPECS(struct view_call_options, filter),
};

const size_t n_view_specs = ARRAY_SIZE(view_specs);

static enum status view_run(const struct invocation *inv, struct fault *fault)
{
	return view_call(inv->operands[0], inv->view, inv->view_options, inv->options, fault);
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
		.options_size = sizeof(struct view_call_options),
		.min_operands = 1,
		.max_operands = 1,
		.view = v,
		.run = view_run,
	};
}
