// SPDX-License-Identifier: MIT
#include "cli/tape-options.h"

#include <errno.h>

#include "base/units.h"
#include "base/walltime.h"

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
};
static const struct option_part parts[] = {
	{NULL, &filter_option_table, AT(filter)},
};
const struct option_table tape_option_table = {specs, ARRAY_SIZE(specs), parts, ARRAY_SIZE(parts)};

struct time_window_spec tape_options_window(const struct tape_options *r)
{
	return (struct time_window_spec){
		.since = r->since,
		.until = r->until,
		.is_utc = r->time == RENDER_TIME_UTC,
	};
}

struct playback_options tape_options_playback(const struct tape_options *r, const char *path)
{
	return (struct playback_options){
		.path = path,
		.window = tape_options_window(r),
		.from_start = r->from_start,
		.filter = r->filter,
	};
}
