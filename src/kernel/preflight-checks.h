/* SPDX-License-Identifier: MIT */
/*
 * preflight-checks: what the checks of a preflight share. Private to preflight*.c.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "kernel/cpus.h"
#include "kernel/netns.h"
#include "kernel/preflight.h"
#include "kernel/tracefs.h"

struct preflight {
	struct tracefs *tracefs; /* NULL: it could not be opened */
	struct cpus cpus;
	struct netns_list namespaces;
};

/* Formats into a text field of an item and cuts what does not fit. */
#define SAY(item, field, ...) snprintf((item)->field, sizeof((item)->field), __VA_ARGS__)

void preflight_check_perf(struct preflight *p, struct preflight_item *item);
void preflight_check_rings(struct preflight *p, struct preflight_item *item);
void preflight_check_files(struct preflight *p, struct preflight_item *item);
void preflight_check_processes(struct preflight *p, struct preflight_item *item);
void preflight_check_namespaces(struct preflight *p, struct preflight_item *item);
void preflight_check_socket_buffer(struct preflight *p, struct preflight_item *item);
