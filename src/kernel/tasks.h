/* SPDX-License-Identifier: MIT */
/*
 * tasks: walks over all threads of the host as /proc shows them. Threads come and go meanwhile.
 */
#pragma once

#include <stdint.h>

#include "base/fault.h"

/* Takes one thread; comm is borrowed. Returns 0, or -errno to stop the walk. */
typedef int (*tasks_fn)(void *userdata, int32_t pid, int32_t tid, const char *comm);

/* proc is "/proc" or a test's copy of it. Threads that end meanwhile are left out, and a directory
 * that cannot be read counts as empty. Returns 0, or the -errno of fn. */
int tasks_walk(const char *proc, tasks_fn fn, void *userdata) MUST_CHECK;
