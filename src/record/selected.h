/* SPDX-License-Identifier: MIT */
/*
 * selected: a list of tracepoints to record, each with its filter and with or without call chains.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

struct selected {
	char *system;
	char *name;
	bool with_stack; /* record the kernel's call chain of each hit */
	char *filter;	 /* in the kernel's filter language; NULL: every hit is recorded */
};

/* {0} is a valid empty list. */
struct selected_list {
	struct selected *items;
	size_t n, cap;
};

void selected_list_done(struct selected_list *l);
/* Appends a tracepoint, with call chains if the catalog wants them. 0 or -ENOMEM. */
int selected_list_append(struct selected_list *l, const char *system, const char *name) MUST_CHECK;
/* Does the same, unless the list has the tracepoint already. */
int selected_list_add(struct selected_list *l, const char *system, const char *name) MUST_CHECK;
bool selected_list_has(const struct selected_list *l, const char *system, const char *name);

/* Narrows the filter: a hit must match this expression, too. 0 or -ENOMEM. */
int selected_filter_add(struct selected *s, const char *expression) MUST_CHECK;
