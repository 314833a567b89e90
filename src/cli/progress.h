/* SPDX-License-Identifier: MIT */
/*
 * progress: how a recording goes, on standard error.
 */
#pragma once

#include "record/session.h"

/* Writes one line over the one before it, for a terminal; progress_clear removes it. */
void progress_show(void *userdata, const struct record_status *s);
void progress_clear(void);
/* A line that the user should know, for struct record_options. */
void progress_notice(void *userdata, const char *line);
/* One line at the end: what is on the tape, and what is not. output: the path of the tape. */
void progress_result(const struct record_result *r, const char *output);
/* Says how the command `name` ended, unless it succeeded or there was none. */
void progress_command(const struct record_result *r, const char *name);
