/* SPDX-License-Identifier: MIT */
/*
 * warmup: rows before the first one of interest that are read all the same, because something is
 * learned from them. How far back that is, the tape's INDEX tells.
 */
#pragma once

#include "merge/merge.h"

/*
 * The time, before since_ns, from which on the tape has about max_rows rows of tracepoints that the
 * options want. 0: everything has to be read, because the tape has not so many or has no INDEX.
 * The reader passes over sections by the INDEX from then on. Tracepoints whose FORMAT was not read
 * yet do not count: call it after tape_reader_head.
 */
int merge_warmup(struct tape_reader *r, const struct merge_options *o, uint64_t since_ns,
		 uint64_t max_rows, uint64_t *ret_ns, struct fault *fault) MUST_CHECK;
