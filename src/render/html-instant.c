// SPDX-License-Identifier: MIT
#include "render/html-instant.h"

#include <time.h>

#include "base/units.h"

static bool wall(const struct render_clock *c, uint64_t ts_ns, int64_t *ret_us)
{
	int64_t real_ns;

	if (!c->wall || !c->wall(c->userdata, ts_ns, &real_ns))
		return false;
	*ret_us = real_ns / (int64_t)NSEC_PER_USEC;
	return true;
}

struct html_instants html_instants_for(const struct render_options *o, uint64_t near_ns)
{
	struct html_instants i = {.mode = o->time, .clock = o->clock, .zone = "UTC"};
	int64_t us;

	if (i.mode != RENDER_TIME_REL && !wall(&i.clock, near_ns, &us))
		i.mode = RENDER_TIME_REL;
	if (i.mode == RENDER_TIME_LOCAL) {
		time_t when = (time_t)(us / 1000000);
		struct tm tm = {0};

		localtime_r(&when, &tm);
		i.offset_s = tm.tm_gmtoff;
		i.zone = tm.tm_zone ? tm.tm_zone : "local time";
	}
	return i;
}

int64_t html_instant(const struct html_instants *i, uint64_t ts_ns)
{
	uint64_t start = i->clock.start ? i->clock.start(i->clock.userdata) : 0;
	int64_t us;

	if (i->mode != RENDER_TIME_REL && wall(&i->clock, ts_ns, &us))
		return us;
	return ts_ns >= start ? (int64_t)((ts_ns - start) / NSEC_PER_USEC)
			      : -(int64_t)((start - ts_ns) / NSEC_PER_USEC);
}
