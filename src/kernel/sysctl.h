/* SPDX-License-Identifier: MIT */
/*
 * sysctl: settings of the kernel.
 */
#pragma once

#include <stddef.h>

/* Reads the first line of /proc/sys/kernel/NAME; "": it cannot be read. */
void sysctl_kernel(const char *name, char *ret, size_t size);
