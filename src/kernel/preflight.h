/* SPDX-License-Identifier: MIT */
/*
 * preflight: can this host record? Each thing that recording needs is tried, not guessed.
 */
#pragma once

#include <stddef.h>

#include "base/fault.h"

enum preflight_verdict {
	PREFLIGHT_OK,
	PREFLIGHT_WORSE, /* recording works, something will be missing */
	PREFLIGHT_STOPS, /* recording is impossible */
};

struct preflight_item {
	enum preflight_verdict verdict;
	const char *name; /* "tracefs", "perf events", "ring memory", ... */
	char what[200];	  /* what was found */
	char fix[200];	  /* the command that removes the obstacle; "" when OK */
};

#define PREFLIGHT_MAX 16

/* Runs every check; returns how many items were filled. Never fails. */
size_t preflight_run(struct preflight_item items[PREFLIGHT_MAX]);
