// SPDX-License-Identifier: MIT
/*
 * list: the tracepoints of the catalog and those of this kernel's tcp and sock systems: which are
 * here, and which profile records them.
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
	char *const *patterns; /* ends in NULL; none: everything */
	struct table_sink *out;
	size_t n_rows;
};

static bool is_asked_for(const struct list *l, const char *event)
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

/* Profile "all" is every event that the kernel has in these systems. */
static bool is_in_all(const char *system)
{
	return !strcmp(system, "tcp") || !strcmp(system, "sock");
}

static void profiles_text(struct text *t, const char *system, unsigned int profiles)
{
	for (unsigned int i = 0; i < TCP_PROFILE_N; i++) {
		if (profiles & 1u << i)
			text_printf(t, "%s%s", t->len ? "," : "", tcp_profiles[i].name);
	}
	if (is_in_all(system))
		text_printf(t, "%sall", t->len ? "," : "");
}

static int put_row(struct list *l, const char *system, const char *name,
		   const struct tracepoint_info *info, struct fault *fault)
{
	struct text event CLEANUP(text_done) = {0}, profiles CLEANUP(text_done) = {0};
	bool is_here = tracefs_has_event(l->tracefs, system, name);
	struct cell cells[COL_N];

	text_printf(&event, "%s:%s", system, name);
	if (!is_asked_for(l, text_cstr(&event)))
		return 0;
	profiles_text(&profiles, system, info ? info->profiles : 0);
	cells[COL_EVENT] = cell_str(text_cstr(&event));
	cells[COL_HERE] = cell_str(is_here ? "yes" : "no");
	cells[COL_PROFILES] = profiles.len ? cell_str(text_cstr(&profiles)) : cell_absent();
	cells[COL_SUMMARY] = cell_str(info ? info->summary : "");
	l->n_rows++;
	return table_row(l->out, cells, fault);
}

/* Events of a system that the catalog does not know. */
static int list_system(struct list *l, const char *system, struct fault *fault)
{
	struct tracefs_names names CLEANUP(tracefs_names_done) = {0};
	int r = tracefs_events(l->tracefs, system, &names, fault);

	for (size_t i = 0; !r && i < names.n; i++) {
		if (!catalog_find(system, names.names[i]))
			r = put_row(l, system, names.names[i], NULL, fault);
	}
	return r;
}

/* Without patterns those that a profile may record; with patterns any that fits. */
static int list_beyond_catalog(struct list *l, struct fault *fault)
{
	struct tracefs_names systems CLEANUP(tracefs_names_done) = {0};
	int r = tracefs_systems(l->tracefs, &systems, fault);

	for (size_t i = 0; !r && i < systems.n; i++) {
		if (l->patterns[0] || is_in_all(systems.names[i]))
			r = list_system(l, systems.names[i], fault);
	}
	return r;
}

static int list_all(struct list *l, struct fault *fault)
{
	int r = table_begin(l->out, columns, COL_N, fault);

	for (size_t i = 0; !r && i < n_tracepoint_catalog; i++) {
		const struct tracepoint_info *info = &tracepoint_catalog[i];

		if (!info->is_made)
			r = put_row(l, info->system, info->name, info, fault);
	}
	return r ? r : list_beyond_catalog(l, fault);
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
	r = present_open(&o->output, RENDER_TIME_LOCAL, NULL, &out, fault);
	if (r < 0)
		return STATUS_FAILED;
	l.tracefs = tracefs;
	l.out = &out;
	r = list_all(&l, fault);
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
