/* SPDX-License-Identifier: MIT */
/*
 * output: the file or pipe that the tape goes to.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

struct output {
	int fd;
	bool is_stream; /* not a regular file: somebody may be reading along */
	bool is_ours;	/* false: standard output, stays open */
};

/* path "-" is standard output. A new file belongs to its owner alone (0600). */
int output_open(const char *path, struct output *ret, struct fault *fault) MUST_CHECK;
/* Cuts a file behind its last whole section, after a write that failed halfway. */
void output_cut(const struct output *o, uint64_t bytes);
/* Closing may be where a network file system says that it failed. */
int output_close(struct output *o, const char *path, struct fault *fault) MUST_CHECK;
