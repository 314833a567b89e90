// SPDX-License-Identifier: MIT
/*
 * limits: raises RLIMIT_NOFILE to what is needed, or else to the hard limit.
 */
#include "kernel/limits.h"

#include <sys/resource.h>

#include "base/cleanup.h"
#include "kernel/proc-dir.h"

/* Descriptors that are open now. */
static uint64_t count_open(void)
{
	DIR *dir CLEANUP(closedir_p) = opendir("/proc/self/fd");
	uint64_t n = 0;

	while (dir && readdir(dir))
		n++;
	/* ".", ".." and the directory's own are counted, too. */
	return n;
}

bool limits_raise_files(uint64_t more, uint64_t *ret_limit)
{
	uint64_t want = count_open() + more + LIMITS_FILES_SPARE;
	struct rlimit old, wanted;

	*ret_limit = UINT64_MAX;
	if (getrlimit(RLIMIT_NOFILE, &old) < 0)
		return true;
	*ret_limit = old.rlim_cur;
	if (old.rlim_cur >= want)
		return true;
	wanted = (struct rlimit){.rlim_cur = want, .rlim_max = old.rlim_max};
	if (wanted.rlim_max < want)
		wanted.rlim_max = want;
	if (setrlimit(RLIMIT_NOFILE, &wanted) == 0) {
		*ret_limit = want;
		return true;
	}
	wanted = (struct rlimit){.rlim_cur = old.rlim_max, .rlim_max = old.rlim_max};
	if (setrlimit(RLIMIT_NOFILE, &wanted) == 0)
		*ret_limit = old.rlim_max;
	return *ret_limit >= want;
}
