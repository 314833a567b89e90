/* SPDX-License-Identifier: MIT */
/*
 * selection: which rows of a chunk the options want, asked by the chunk's header.
 */
#pragma once

#include "merge/chunk-cache.h"
#include "merge/options.h"

struct merge_selection {
	const struct merge_options *options; /* borrowed, as is the reader's metadata */
	const struct tape_meta *meta;
	uint8_t wanted
		[TAPE_TRACEPOINTS_MAX]; /* what options->wants said: 0 not asked, 1 no, 2 yes */
};

/* The rows that are wanted of the chunk; none when *ret has no tracepoint. False: that is not known
 * (yet), the FORMAT of its tracepoint was not read. */
bool merge_selection_of(struct merge_selection *s, const struct section_header *h,
			struct row_selection *ret);
