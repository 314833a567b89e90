/* SPDX-License-Identifier: MIT */
/*
 * commands: declares the descriptors of all commands; each stands at the end of its own file.
 */
#pragma once

#include "cli/command.h"

extern const struct command command_record;
extern const struct command command_report;
extern const struct command command_conn;
extern const struct command command_diff;
extern const struct command command_live;
extern const struct command command_info;
extern const struct command command_check;
extern const struct command command_list;
extern const struct command command_doctor;

/* Makes the command that runs a view. */
struct command command_of_view(const struct view *v);
