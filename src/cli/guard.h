/* SPDX-License-Identifier: MIT */
/*
 * guard: what keeps the user safe from a tape that comes from somebody else. Every command that
 * reads tapes has these options.
 */
#pragma once

#include "base/options.h"
#include "sandbox/sandbox.h"

struct guard_options {
	bool no_sandbox;
};

extern const struct option_table guard_option_table;

/*
 * Puts the sandbox on, after what it forbids and a command needs later is done: the time zone is
 * read here. 0; a negative errno and a fault that says why there is none, for a note: the command
 * may go on without.
 */
int guard_put_on(const struct guard_options *o, const struct sandbox_needs *needs,
		 struct fault *fault) MUST_CHECK;
