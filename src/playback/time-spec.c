// SPDX-License-Identifier: MIT
#include "playback/time-spec.h"

#include <errno.h>

#include "base/walltime.h"

uint64_t time_spec_after(const struct time_spec *spec, const struct tape_meta *meta)
{
	uint64_t start = meta_start_ns(meta);

	return start > UINT64_MAX - spec->after_ns ? UINT64_MAX : start + spec->after_ns;
}

int time_spec_wall(const struct time_spec *spec, const struct tape_meta *meta, bool utc,
		   int64_t *ret_real_ns, struct fault *fault)
{
	int64_t start_real;

	if (!meta_wall_time(meta, meta_start_ns(meta), &start_real))
		return fault_set(fault, -EINVAL,
				 "%s: this tape does not know wall time: use +5s, from its start",
				 spec->typed);
	if (walltime_parse(spec->typed, start_real, utc, ret_real_ns) < 0)
		return fault_set(fault, -EINVAL, "%s: not a time", spec->typed);
	return 0;
}
