/* SPDX-License-Identifier: MIT */
/*
 * cgroup: the control group that a process is in. Each container has its own, so the path says
 * which container a process belongs to.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

#define CGROUP_PATH_MAX 1024u

/*
 * Finds the path of a process's control group ("/system.slice/..."). cgroup v1 has several
 * hierarchies: the longest path is returned. proc is "/proc" or a test's copy of it. Returns 1; 0
 * when the process is only in the root group; -ESRCH when it is gone.
 */
int cgroup_of(const char *proc, int32_t pid, char ret[CGROUP_PATH_MAX]) MUST_CHECK;
