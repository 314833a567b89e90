/* SPDX-License-Identifier: MIT */
/*
 * preflight-checks: what the checks of a preflight share. Private to preflight*.c.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "kernel/cpus.h"
#include "kernel/preflight.h"
#include "kernel/tracefs.h"

struct preflight {
	struct tracefs *tracefs; /* NULL: it could not be opened */
	struct cpus cpus;
};

/* Formats into a text field of an item and cuts what does not fit. */
#define SAY(item, field, ...) snprintf((item)->field, sizeof((item)->field), __VA_ARGS__)

/* Reads the first line of /proc/sys/kernel/NAME; "": it cannot be read. */
void preflight_read_sysctl(const char *name, char *ret, size_t size);

void preflight_check_perf(struct preflight *p, struct preflight_item *item);
void preflight_check_rings(struct preflight *p, struct preflight_item *item);
