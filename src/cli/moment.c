// SPDX-License-Identifier: MIT
#include "cli/moment.h"

#include <errno.h>

#include "base/units.h"
#include "base/walltime.h"

int option_moment(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	struct moment m = {.typed = arg, .is_relative = arg[0] == '+'};
	int64_t ignored;
	int r;

	if (m.is_relative)
		r = units_parse_duration(arg + 1, &m.after_ns);
	else
		r = walltime_parse(arg, 0, true, &ignored);
	if (r < 0)
		return fault_set(fault, -EINVAL,
				 "%s: not a time (try +5s, 10:32, 2026-11-21T10:32:07)", arg);
	*(struct moment *)value = m;
	return 0;
}

uint64_t moment_start(const struct tape_meta *meta)
{
	return meta->n_clocks ? meta->clocks[0].mono_ns : meta->first_ns;
}

int moment_resolve(const struct moment *m, const struct tape_meta *meta, bool utc, uint64_t *ret_ns,
		   struct fault *fault)
{
	uint64_t start = moment_start(meta);
	int64_t start_real, real;

	if (m->is_relative) {
		*ret_ns = start > UINT64_MAX - m->after_ns ? UINT64_MAX : start + m->after_ns;
		return 0;
	}
	if (!meta_wall_time(meta, start, &start_real))
		return fault_set(fault, -EINVAL,
				 "%s: this tape does not know wall time: use +5s, from its start",
				 m->typed);
	if (walltime_parse(m->typed, start_real, utc, &real) < 0)
		return fault_set(fault, -EINVAL, "%s: not a time", m->typed);
	if (!meta_tape_time(meta, real, ret_ns))
		*ret_ns = real < start_real ? 0 : UINT64_MAX;
	return 0;
}
