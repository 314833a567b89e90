/* SPDX-License-Identifier: MIT */
/*
 * spare-cpus: CPUs for threads beside the one that plays a tape.
 */
#pragma once

#include <stddef.h>

/* How many CPUs this process may run on, without the one that it runs on. */
size_t spare_cpus(void);
