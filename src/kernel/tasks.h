/* SPDX-License-Identifier: MIT */
/*
 * tasks: every thread of the host, as /proc shows it at one moment (more or less).
 */
#pragma once

#include <stdint.h>

#include "base/fault.h"

/* comm is borrowed. 0, or -errno to stop. */
typedef int (*tasks_fn)(void *userdata, int32_t pid, int32_t tid, const char *comm);

/* Threads that end meanwhile are passed over. -errno of fn. A /proc that cannot be read is empty. */
int tasks_walk(tasks_fn fn, void *userdata) MUST_CHECK;
