// SPDX-License-Identifier: MIT
#include "cli/reading.h"

int option_time(void *value, const char *arg, struct arena *arena, struct fault *fault)
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

struct pipeline_options reading_options(const struct reading *r, const char *path)
{
	return (struct pipeline_options){
		.path = path,
		.since = r->since,
		.until = r->until,
		.is_utc = r->time == RENDER_TIME_UTC,
		.from_start = r->from_start,
		.filter = r->filter,
	};
}
