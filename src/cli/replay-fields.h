/* SPDX-License-Identifier: MIT */
/*
 * replay-fields: what `replay --fields` runs. It prints every field of every row as it stands on
 * the tape, one JSON object per row. It knows format files and nothing of TCP, so that other
 * readers of tapes can be compared with it line by line.
 */
#pragma once

#include "cli/tape-file.h"
#include "cli/view-options.h"

enum status replay_fields(const struct tape_file *tape, const struct view_options *o,
			  struct fault *fault);
