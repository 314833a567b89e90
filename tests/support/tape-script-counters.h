/* SPDX-License-Identifier: MIT */
/* tape-script-counters: the verbs of a script (tape-script.h) that make COUNTERS and SETTINGS. */
#pragma once

#include "support/tape-script-rows.h"

int script_counter_names(struct script *s);
int script_counters(struct script *s);
int script_setting(struct script *s);
