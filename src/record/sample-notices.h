/* SPDX-License-Identifier: MIT */
/*
 * sample-notices: tells the user what samples left out, at the end of a recording.
 */
#pragma once

#include "record/record-options.h"
#include "record/samples.h"

void sample_notices(const struct samples *s, const struct record_options *o);
