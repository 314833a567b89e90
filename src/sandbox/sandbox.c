// SPDX-License-Identifier: MIT
#include "sandbox/sandbox.h"

#include <errno.h>
#include <sys/prctl.h>

#include "sandbox/landlock.h"
#include "sandbox/runtime.h"
#include "sandbox/syscalls.h"

int sandbox_enter(const struct sandbox_needs *needs, struct fault *fault)
{
	int r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fault_errno(fault, -errno, "PR_SET_NO_NEW_PRIVS");
	if (!RUNTIME_OPENS_FILES) {
		r = landlock_deny_all(needs->child != 0);
		/* A kernel without Landlock has seccomp. */
		if (r < 0 && r != -ENOSYS && r != -EOPNOTSUPP)
			return fault_errno(fault, r, "Landlock");
	}
	return syscalls_limit(needs, fault);
}
