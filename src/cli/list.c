// SPDX-License-Identifier: MIT
/*
 * list: the command that shows the tracepoints of the catalog, and all of this kernel's systems tcp
 * and sock. It says of each whether this kernel has it, and which profiles record it.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/present.h"
#include "kernel/tracefs.h"
#include "tracepoint/catalog.h"
#include "cli/status.h"

struct list_options {
	struct present_options output;
};

static const struct option_part option_parts[] = {
	{NULL, &present_option_table, offsetof(struct list_options, output)},
};
static const struct option_table options = {.parts = option_parts,
					    .n_parts = ARRAY_SIZE(option_parts)};

enum { COL_EVENT, COL_HERE, COL_PROFILES, COL_SUMMARY, COL_N };

static const struct column columns[COL_N] = {
	[COL_EVENT] = {.key = "event", .head = "EVENT", .where = COLUMN_ALL, .width = 30},
	[COL_HERE] = {.key = "here", .head = "HERE", .where = COLUMN_ALL},
	[COL_PROFILES] = {.key = "profiles", .head = "PROFILES", .where = COLUMN_ALL},
	[COL_SUMMARY] = {.key = "summary", .head = "SUMMARY", .where = COLUMN_ALL},
};

struct list {
	const struct tracefs *tracefs;
	char *const *patterns; /* ends in NULL; empty: every event */
	struct table_sink *out;
	size_t n_rows;
};

static bool event_is_asked_for(const struct list *l, const char *event)
{
	const char *name = strchr(event, ':') + 1;

	if (!l->patterns[0])
		return true;
	for (char *const *p = l->patterns; *p; p++) {
		if (!fnmatch(*p, event, 0) || !fnmatch(*p, name, 0))
			return true;
	}
	return false;
}

/* Profile "all" records every event that the kernel has in these systems. */
static bool system_is_in_all(const char *system)
{
	return !strcmp(system, "tcp") || !strcmp(system, "sock");
}

static void profiles_text(struct text *t, const char *system, unsigned int profiles)
{
	for (unsigned int i = 0; i < TCP_PROFILE_N; i++) {
		if (profiles & 1u << i)
			text_printf(t, "%s%s", t->len ? "," : "", tcp_profiles[i].name);
	}
	if (system_is_in_all(system))
		text_printf(t, "%sall", t->len ? "," : "");
}

static int row_put(struct list *l, const char *system, const char *name,
		   const struct tracepoint_info *info, struct fault *fault)
{
	struct text event CLEANUP(text_done) = {0}, profiles CLEANUP(text_done) = {0};
	bool is_here = tracefs_has_event(l->tracefs, system, name);
	struct cell cells[COL_N];

	text_printf(&event, "%s:%s", system, name);
	if (!event_is_asked_for(l, text_cstr(&event)))
		return 0;
	profiles_text(&profiles, system, info ? info->profiles : 0);
	cells[COL_EVENT] = cell_str(text_cstr(&event));
	cells[COL_HERE] = cell_str(is_here ? "yes" : "no");
	cells[COL_PROFILES] = profiles.len ? cell_str(text_cstr(&profiles)) : cell_absent();
	cells[COL_SUMMARY] = cell_str(info ? info->summary : "");
	l->n_rows++;
	return table_row(l->out, cells, fault);
}

/* Lists the events of a system that the catalog does not know. */
static int system_list(struct list *l, const char *system, struct fault *fault)
{
	struct tracefs_names names CLEANUP(tracefs_names_done) = {0};
	int r = tracefs_events(l->tracefs, system, &names, fault);

	for (size_t i = 0; !r && i < names.n; i++) {
		if (!catalog_find(system, names.names[i]))
			r = row_put(l, system, names.names[i], NULL, fault);
	}
	return r;
}

/* Lists events beyond the catalog: those that a profile records, or, with patterns, those of any
 * system that fit one. */
static int systems_list(struct list *l, struct fault *fault)
{
	struct tracefs_names systems CLEANUP(tracefs_names_done) = {0};
	int r = tracefs_systems(l->tracefs, &systems, fault);

	for (size_t i = 0; !r && i < systems.n; i++) {
		if (l->patterns[0] || system_is_in_all(systems.names[i]))
			r = system_list(l, systems.names[i], fault);
	}
	return r;
}

static int catalog_list(struct list *l, struct fault *fault)
{
	int r = table_begin(l->out, columns, COL_N, fault);

	for (size_t i = 0; !r && i < n_tracepoint_catalog; i++) {
		const struct tracepoint_info *info = &tracepoint_catalog[i];

		if (!info->is_synthetic)
			r = row_put(l, info->system, info->name, info, fault);
	}
	return r ? r : systems_list(l, fault);
}

static enum status list_run(const struct invocation *inv, struct fault *fault)
{
	const struct list_options *o = inv->options;
	struct tracefs *tracefs CLEANUP(tracefs_close_p) = NULL;
	struct list l = {.patterns = inv->operands};
	struct table_sink out;
	int r = tracefs_open(&tracefs, fault), finished;

	if (r < 0)
		return STATUS_FAILED;
	if (tracefs_mounted(tracefs))
		print_notice(tracefs_mounted(tracefs));
	r = present_open(&o->output, RENDER_TIME_LOCAL, NULL, &out, fault);
	if (r < 0)
		return STATUS_FAILED;
	l.tracefs = tracefs;
	l.out = &out;
	r = catalog_list(&l, fault);
	finished = present_finish(&o->output, &out, fault);
	if (!r)
		r = finished;
	if (!r && inv->n_operands && !l.n_rows)
		r = fault_set(fault, -ENOENT, "no tracepoint fits %s", inv->operands[0]);
	return status_of_result(r, fault);
}

const struct command command_list = {
	.name = "list",
	.summary = "tracepoints here: present, missing, in which profile",
	.usage = "[PATTERN...]",
	.detail = "PATTERN is a name or system:name, with * and ? as in the shell; it finds the\n"
		  "tracepoints of any system.",
	.options = &options,
	.options_size = sizeof(struct list_options),
	.max_operands = -1,
	.run = list_run,
};
