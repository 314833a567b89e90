// SPDX-License-Identifier: MIT
/*
 * doctor: the command that says whether this host can record, and which command line removes each
 * obstacle.
 */
#include <errno.h>

#include "cli/commands.h"
#include "cli/present.h"
#include "kernel/preflight.h"
#include "cli/status.h"

struct doctor_options {
	struct present_options output;
};

static const struct option_part option_parts[] = {
	{NULL, &present_option_table, offsetof(struct doctor_options, output)},
};
static const struct option_table options = {.parts = option_parts,
					    .n_parts = ARRAY_SIZE(option_parts)};

enum { COL_VERDICT, COL_NAME, COL_WHAT, COL_FIX, COL_FIX_LINE, COL_N };

static const struct column columns[COL_N] = {
	[COL_VERDICT] = {.key = "verdict", .head = "VERDICT", .where = COLUMN_ALL},
	[COL_NAME] = {.key = "name", .head = "NEEDED", .where = COLUMN_ALL, .width = 14},
	[COL_WHAT] = {.key = "found", .head = "FOUND", .where = COLUMN_ALL},
	[COL_FIX] = {.key = "fix", .where = COLUMN_DATA},
	[COL_FIX_LINE] = {.key = "fix_line", .where = COLUMN_TEXT},
};

static const char *verdict_word(enum preflight_verdict v)
{
	switch (v) {
	case PREFLIGHT_OK: break;
	case PREFLIGHT_WORSE: return "worse";
	case PREFLIGHT_STOPS: return "stops";
	}
	return "ok";
}

static int items_put(const struct preflight_item *items, size_t n, struct table_sink *out,
		     struct fault *fault)
{
	int r = table_begin(out, columns, COL_N, fault);

	for (size_t i = 0; !r && i < n; i++) {
		const char *fix = items[i].fix;
		struct cell cells[COL_N] = {
			[COL_VERDICT] = cell_str(verdict_word(items[i].verdict)),
			[COL_NAME] = cell_str(items[i].name),
			[COL_WHAT] = cell_str(items[i].what),
			[COL_FIX] = fix[0] ? cell_str(fix) : cell_absent(),
			[COL_FIX_LINE] = fix[0] ? cell_list(&fix, 1) : cell_absent(),
		};

		r = table_row(out, cells, fault);
	}
	return r;
}

static enum status doctor_run(const struct invocation *inv, struct fault *fault)
{
	const struct doctor_options *o = inv->options;
	struct preflight_item items[PREFLIGHT_MAX];
	size_t n = preflight_run(items), n_stops = 0;
	struct table_sink out;
	int r = present_open(&o->output, RENDER_TIME_LOCAL, NULL, &out, fault), finished;

	if (r < 0)
		return STATUS_FAILED;
	r = items_put(items, n, &out, fault);
	finished = present_finish(&o->output, &out, fault);
	if (!r)
		r = finished;
	if (r < 0)
		return status_of_result(r, fault);
	for (size_t i = 0; i < n; i++)
		n_stops += items[i].verdict == PREFLIGHT_STOPS;
	if (!n_stops)
		return STATUS_DONE;
	fault_set(fault, -EPERM, "this host cannot record now: see the lines that say stops");
	return STATUS_FAILED;
}

const struct command command_doctor = {
	.name = "doctor",
	.summary = "can this host record? each obstacle with the command that removes it",
	.usage = "",
	.detail =
		"ok: fine; worse: recording works, something will be missing; stops: recording is\n"
		"impossible. Exit status 0 when recording is possible, else 1.",
	.options = &options,
	.options_size = sizeof(struct doctor_options),
	.run = doctor_run,
};
