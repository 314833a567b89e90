/* SPDX-License-Identifier: MIT */
/*
 * typed-options: the options of a tape as they would be typed again, so that a command which a
 * report suggests shows the same part of the tape.
 */
#pragma once

#include "cli/tape-options.h"

#define TYPED_OPTIONS_MAX 12

struct typed_options {
	const char *words[TYPED_OPTIONS_MAX]; /* "--rport 443", "--since +5s" */
	size_t n;
};

/* Makes the words from the options. An option with a character that means something to a shell is
 * left out: the suggested command then shows more, never something else. Memory comes from the
 * arena. 0 or -ENOMEM. */
int typed_options_make(const struct tape_options *o, struct arena *arena,
		       struct typed_options *ret) MUST_CHECK;
