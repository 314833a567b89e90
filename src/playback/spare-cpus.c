// SPDX-License-Identifier: MIT
#include "playback/spare-cpus.h"

#include <sched.h>

size_t spare_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) < 0 ? 0 : (size_t)CPU_COUNT(&set) - 1;
}
