// SPDX-License-Identifier: MIT
/*
 * limits: raises RLIMIT_NOFILE to what is needed, or else to the hard limit.
 */
#include "kernel/limits.h"

#include <sys/resource.h>

/* Descriptors that the rest of the process may have open. */
#define OTHERS 64u

uint64_t limits_raise_files(uint64_t want)
{
	struct rlimit old, wanted;

	if (getrlimit(RLIMIT_NOFILE, &old) < 0)
		return 0;
	want += OTHERS;
	if (old.rlim_cur >= want)
		return old.rlim_cur;
	wanted = (struct rlimit){.rlim_cur = want, .rlim_max = old.rlim_max};
	if (wanted.rlim_max < want)
		wanted.rlim_max = want;
	if (setrlimit(RLIMIT_NOFILE, &wanted) == 0)
		return want;
	wanted = (struct rlimit){.rlim_cur = old.rlim_max, .rlim_max = old.rlim_max};
	if (setrlimit(RLIMIT_NOFILE, &wanted) == 0)
		return old.rlim_max;
	return old.rlim_cur;
}
