/* SPDX-License-Identifier: MIT */
/*
 * cgroup: the control group that a process is in. Containers have one each, so its path tells
 * them apart.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

#define CGROUP_PATH_MAX 1024u

/*
 * Finds the path of a process's control group ("/system.slice/..."). Version 1 has several
 * hierarchies: the longest path is taken. proc is "/proc" or a test's copy of it. Returns 1; 0 when
 * the process is only in the root group, or is gone.
 */
int cgroup_of(const char *proc, int32_t pid, char ret[CGROUP_PATH_MAX]) MUST_CHECK;
