// SPDX-License-Identifier: MIT
/*
 * syscalls-none: replaces syscalls.c in a build without libseccomp.
 */
#include "sandbox/syscalls.h"

#include <errno.h>

int syscalls_limit(const struct sandbox_needs *needs, struct fault *fault)
{
	return fault_set(fault, -ENOTSUP, "this tcptape was built without libseccomp");
}
