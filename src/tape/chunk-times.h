/* SPDX-License-Identifier: MIT */
/*
 * chunk-times: the time stamps of a CHUNK's rows, decoded from the deltas that the tape stores.
 */
#pragma once

#include <stdint.h>

#include "format/chunk.h"

/* Writes the time of every row, run after run in the order in which the chunk stores them. times
 * has room for layout->n_rows values in nanoseconds of the recording host's CLOCK_MONOTONIC. */
void chunk_times(const struct chunk_layout *layout, uint64_t *times);
