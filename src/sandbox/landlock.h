/* SPDX-License-Identifier: MIT */
/*
 * landlock: a ruleset of the kernel's Landlock without any rule, by its system calls
 * (Documentation/userspace-api/landlock.rst); the C library has no functions for them.
 */
#pragma once

#include <stdbool.h>

#include "base/cleanup.h"

/*
 * Denies the calling thread, and what it starts later, every access to a path, to TCP ports, to
 * abstract sockets and, unless may_signal, signals to processes outside, as far as this kernel
 * knows these rights. Needs PR_SET_NO_NEW_PRIVS. 0; -ENOSYS or -EOPNOTSUPP: this kernel has no
 * Landlock, or it is switched off.
 */
int landlock_deny_all(bool may_signal) MUST_CHECK;
