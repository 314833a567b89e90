/* SPDX-License-Identifier: MIT */
/*
 * verdict-words: the verdict in words, for the first line of a report.
 */
#pragma once

#include "base/text.h"
#include "detect/verdict.h"

/* The place of the trouble, as the beginning of a sentence: "The network", "A peer and this host",
 * "Where it lies cannot be told". v is neither good nor untold. */
void verdict_places_text(const struct verdict *v, struct text *t);
/* "12.3 s with data under way: 64% of it repairing losses, 3% held back by peers' receive windows,
 * 1% by full send buffers"; nothing where no times are known. */
void verdict_time_text(const struct busy_time *b, struct text *t);
/* For machines: "network", "peer", "host", "unknown", "nothing". */
const char *verdict_name(const struct verdict *v);
