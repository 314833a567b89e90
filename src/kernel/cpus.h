/* SPDX-License-Identifier: MIT */
/*
 * cpus: lists of CPUs as the kernel writes them ("0-3,8").
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

struct cpus {
	int *ids; /* ascending */
	size_t n;
};

/* Reads the list of CPUs that are online now. */
int cpus_online(struct cpus *ret, struct fault *fault) MUST_CHECK;
/* Reads the list of CPUs that may ever be online, at least those that are online now. */
int cpus_possible(struct cpus *ret, struct fault *fault) MUST_CHECK;
bool cpus_have(const struct cpus *c, int id);
/* Parses an ascending list. -EINVAL: the text is no such list, or names a CPU above 65535. */
int cpus_parse(const char *list, struct cpus *ret) MUST_CHECK;
void cpus_done(struct cpus *c);
