// SPDX-License-Identifier: MIT
#include "html/instant.h"

#include <time.h>

#include "base/units.h"

static bool wall_us(const struct tape_clock *c, uint64_t ts_ns, int64_t *ret_us)
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

	if (i.mode != RENDER_TIME_REL && !wall_us(&i.clock, near_ns, &us))
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

/* Gives b_ns - a_ns, in microseconds. */
static int64_t between_us(uint64_t a_ns, uint64_t b_ns)
{
	return b_ns >= a_ns ? (int64_t)((b_ns - a_ns) / NSEC_PER_USEC)
			    : -(int64_t)((a_ns - b_ns) / NSEC_PER_USEC);
}

int64_t html_instant(const struct html_instants *i, uint64_t ts_ns)
{
	uint64_t start = i->clock.start ? i->clock.start(i->clock.userdata) : 0;
	int64_t us;

	if (i->mode != RENDER_TIME_REL && wall_us(&i->clock, ts_ns, &us))
		return us;
	return between_us(start, ts_ns);
}

int64_t html_instant_from(const struct html_instants *i, uint64_t near_ns, uint64_t ts_ns)
{
	return html_instant(i, near_ns) + between_us(near_ns, ts_ns);
}
