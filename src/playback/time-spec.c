// SPDX-License-Identifier: MIT
#include "playback/time-spec.h"

#include <errno.h>

#include "base/walltime.h"

uint64_t tape_start_ns(const struct tape_meta *meta)
{
	return meta->n_clocks ? meta->clocks[0].mono_ns : meta->first_ns;
}

int time_spec_resolve(const struct time_spec *spec, const struct tape_meta *meta, bool utc,
		      uint64_t *ret_ns, struct fault *fault)
{
	uint64_t start = tape_start_ns(meta);
	int64_t start_real, real;

	if (spec->is_relative) {
		*ret_ns = start > UINT64_MAX - spec->after_ns ? UINT64_MAX : start + spec->after_ns;
		return 0;
	}
	if (!meta_wall_time(meta, start, &start_real))
		return fault_set(fault, -EINVAL,
				 "%s: this tape does not know wall time: use +5s, from its start",
				 spec->typed);
	if (walltime_parse(spec->typed, start_real, utc, &real) < 0)
		return fault_set(fault, -EINVAL, "%s: not a time", spec->typed);
	if (!meta_tape_time(meta, real, ret_ns))
		*ret_ns = real < start_real ? 0 : UINT64_MAX;
	return 0;
}
