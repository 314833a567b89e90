/* SPDX-License-Identifier: MIT */
/*
 * bound: how well a tracepoint of a tape is known.
 */
#pragma once

enum decoder_bound {
	DECODER_BOUND,	       /* a shape of the catalog matches the format file */
	DECODER_UNKNOWN_SHAPE, /* in the catalog, but no shape matched: fields bind one by one */
	DECODER_UNLISTED,      /* not in the catalog */
	DECODER_NO_FORMAT,     /* its format file cannot be parsed: nothing but time and CPU */
};
