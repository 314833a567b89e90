/* SPDX-License-Identifier: MIT */
/*
 * tasks: walks over all threads of the host that /proc shows. Threads come and go during the walk.
 */
#pragma once

#include <stdint.h>

#include "base/fault.h"

/* Receives one thread; comm is borrowed. Returns 0, or -errno to stop the walk. */
typedef int (*tasks_fn)(void *userdata, int32_t pid, int32_t tid, const char *comm);

/* Calls fn for each thread. proc is "/proc" or a test's copy of it. Threads that end during the
 * walk are left out, and a directory that cannot be read counts as empty. Returns 0, or the -errno
 * of fn. */
int tasks_walk(const char *proc, tasks_fn fn, void *userdata) MUST_CHECK;
