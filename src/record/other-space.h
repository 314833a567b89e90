/* SPDX-License-Identifier: MIT */
/*
 * other-space: the counters and settings of a network namespace that the recorder is not in. The
 * counters are read by way of a process that is in it; where there is none, as in one that only a
 * file below /run keeps, and for the settings, the thread enters it.
 */
#pragma once

#include "kernel/counter-files.h"
#include "kernel/netns.h"
#include "record/batch.h"
#include "record/counter-space.h"

/* Reads the counters into r, which counter_reading_begin() has begun. *ret_has: they are there; the
 * namespace may be gone, or may not be entered. 0, -ENOMEM, or -ENOTRECOVERABLE (netns_visit()). */
int other_space_read(const struct netns *ns, struct counter_files *files, struct counter_reading *r,
		     bool *ret_has) MUST_CHECK;
/* Appends the settings, as far as they can be had. 0, -ENOMEM, or -ENOTRECOVERABLE. */
int other_space_settings(const struct netns *ns, struct batch_records *ret) MUST_CHECK;
