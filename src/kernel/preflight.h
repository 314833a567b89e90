/* SPDX-License-Identifier: MIT */
/*
 * preflight: checks whether this host can record, by trying each thing that recording needs.
 */
#pragma once

#include <stddef.h>

#include "base/fault.h"

enum preflight_verdict {
	PREFLIGHT_OK,
	PREFLIGHT_WORSE, /* recording works, but something will be missing from the tape */
	PREFLIGHT_STOPS, /* recording is impossible */
};

struct preflight_item {
	enum preflight_verdict verdict;
	const char *name; /* "tracefs", "perf events", "ring memory", ... */
	char what[400];	  /* the state that was found */
	char fix[400];	  /* a command or setting that removes the obstacle; "" when OK */
};

#define PREFLIGHT_MAX 16

/* Runs every check; returns how many items were filled. Never fails. */
size_t preflight_run(struct preflight_item items[PREFLIGHT_MAX]);
