// SPDX-License-Identifier: MIT
#include "cli/tape-options.h"

#include <errno.h>

#include "base/io.h"
#include "base/units.h"
#include "base/walltime.h"
#include "tcp/label-file.h"

#define LABEL_FILE_MAX (64u << 20) /* bytes: a million lines and more */

static const char *const clock_words[] = {
	[RENDER_TIME_LOCAL] = "local",
	[RENDER_TIME_UTC] = "utc",
	[RENDER_TIME_REL] = "rel",
	[RENDER_TIME_UNIX] = "unix",
};

static void clock_names(struct text *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(clock_words); i++)
		text_printf(t, "%s ", clock_words[i]);
}

static int clock_set(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	int i = option_choice("time", arg, clock_words, ARRAY_SIZE(clock_words), fault);

	if (i < 0)
		return i;
	*(enum render_time *)value = (enum render_time)i;
	return 0;
}

static int time_spec_set(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	struct time_spec m = {.typed = arg, .is_relative = arg[0] == '+'};
	int64_t ignored;
	int r;

	if (m.is_relative)
		r = units_parse_duration(arg + 1, &m.after_ns);
	else
		r = walltime_parse(arg, 0, true, &ignored);
	if (r < 0)
		return fault_set(fault, -EINVAL,
				 "%s: not a time (try +5s, 10:32, 2026-11-21T10:32:07)", arg);
	*(struct time_spec *)value = m;
	return 0;
}

/* The file is read at once, so that it may be a pipe, also where a tape is read twice. */
static int labels_set(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	struct buffer file CLEANUP(buffer_done) = {0};
	struct label_choice *choice = value;
	int r = io_read_file(arg, LABEL_FILE_MAX, &file);

	if (r < 0)
		return fault_errno(fault, r == -EINVAL ? -EIO : r, "--labels %s", arg);
	r = labels_parse((const char *)file.data, file.len, arg, arena, &choice->names, fault);
	if (!r)
		choice->path = arg;
	return r;
}

static int label_names_add(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	int r = filter_names_add(value, arg, arena);

	return r == -EINVAL ? fault_set(fault, r, "%s: an empty name", arg) : r;
}

/* A name that is in no label is a mistake, and not a reason to show nothing. */
static int labels_check(const void *values, struct fault *fault)
{
	const struct tape_options *o = values;
	const struct filter_names *wanted = &o->filter.labels;

	if (wanted->n && !o->labels.path)
		return fault_set(fault, -EINVAL, "--label %s: needs --labels FILE",
				 wanted->names[0]);
	for (size_t i = 0; i < wanted->n; i++) {
		if (!labels_have(&o->labels.names, wanted->names[i]))
			return fault_set(fault, -EINVAL, "--label %s: %s has no such name",
					 wanted->names[i], o->labels.path);
	}
	return 0;
}

#define AT(member) offsetof(struct tape_options, member)

static const struct option_spec specs[] = {
	{"time", 0, "CLOCK", "local, utc, rel (since the tape's start) or unix", clock_set,
	 AT(time), clock_names},
	{"since", 0, "TIME", "from 10:32, +5s (after the tape's start) or\n2026-11-21T10:32:07",
	 time_spec_set, AT(since), NULL},
	{"until", 0, "TIME", "up to this time, written like --since", time_spec_set, AT(until),
	 NULL},
	{"from-start", 0, NULL,
	 "with --since: read all that comes before, too, for owners and\nages that are older "
	 "(slow on a long tape)",
	 option_flag, AT(from_start), NULL},
	{"labels", 0, "FILE", "names for addresses, networks and ports, one a line:\n10.2.3.4 db-1",
	 labels_set, AT(labels), NULL},
	{"label", 0, "NAMES",
	 "either end has one of these names of --labels; a comma in a\nname takes a backslash "
	 "before it",
	 label_names_add, AT(filter.labels), NULL},
};
static const struct option_part parts[] = {
	{NULL, &filter_option_table, AT(filter)},
};
const struct option_table tape_option_table = {
	.specs = specs,
	.n_specs = ARRAY_SIZE(specs),
	.parts = parts,
	.n_parts = ARRAY_SIZE(parts),
	.check = labels_check,
};

const struct labels *tape_options_labels(const struct tape_options *r)
{
	return r->labels.path ? &r->labels.names : NULL;
}

struct time_window_spec tape_options_window(const struct tape_options *r)
{
	return (struct time_window_spec){
		.since = r->since,
		.until = r->until,
		.is_utc = r->time == RENDER_TIME_UTC,
	};
}

struct playback_options tape_options_playback(const struct tape_options *r)
{
	struct playback_options o = {
		.window = tape_options_window(r),
		.from_start = r->from_start,
		.filter = r->filter,
		.labels = tape_options_labels(r),
	};

	o.filter.label_names = o.labels;
	return o;
}
