/* SPDX-License-Identifier: MIT */
/*
 * cgroup: where a process is among the control groups, which is what tells containers apart.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

#define CGROUP_PATH_MAX 1024u

/* The path of its cgroup ("/system.slice/..."); of version 1, which has several, the longest. proc:
 * "/proc". 1; 0 it is in none but the root, or gone. */
int cgroup_of(const char *proc, int32_t pid, char ret[CGROUP_PATH_MAX]) MUST_CHECK;
