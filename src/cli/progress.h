/* SPDX-License-Identifier: MIT */
/*
 * progress: shows on standard error how a recording goes.
 */
#pragma once

#include "record/session.h"

/* Writes one line over the one before it, for a terminal; progress_clear removes it. */
void progress_show(void *userdata, const struct record_status *s);
void progress_clear(void);
/* Prints a line that the user should know; the callback `notice` of struct record_options. */
void progress_notice(void *userdata, const char *line);
/* Prints one line at the end: how many events are on the tape, and how many are missing. output:
 * the path of the tape. */
void progress_result(const struct record_result *r, const char *output);
/* Says how the command `name` ended, unless it succeeded or there was none. */
void progress_command(const struct record_result *r, const char *name);
