// SPDX-License-Identifier: MIT
#include "cli/cpus.h"

#include <sched.h>

size_t cpus_spare(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) < 0 ? 0 : (size_t)CPU_COUNT(&set) - 1;
}
