/* SPDX-License-Identifier: MIT */
/*
 * completion: scripts that let bash and zsh complete tcptape's commands, options and their
 * arguments, made from the same tables as the parser and the help.
 */
#pragma once

#include "cli/command.h"

/* Append a whole script. 0, or -ENOMEM and a fault. */
int completion_bash(struct text *t, struct fault *fault) MUST_CHECK;
int completion_zsh(struct text *t, struct fault *fault) MUST_CHECK;

/*
 * Calls put for each command with all of its options. words: what stands before the options,
 * "retrans" or "live retrans". A command that takes the name of a view is given once for each view.
 */
typedef void (*completion_put_fn)(struct text *t, const char *words, const struct command *c,
				  const struct command_options *o);
int completion_each(struct text *t, completion_put_fn put, struct fault *fault) MUST_CHECK;

/* True if the argument of the option is the name of a file. */
bool completion_is_file(const struct option_spec *s);
/* True if the command's operands are tapes. */
bool completion_takes_tapes(const struct command *c);
