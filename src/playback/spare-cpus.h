/* SPDX-License-Identifier: MIT */
/*
 * spare-cpus: the CPUs that this process may run on.
 */
#pragma once

#include <stddef.h>

/* Those that there are beside our own. */
size_t spare_cpus(void);
