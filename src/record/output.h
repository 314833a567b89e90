/* SPDX-License-Identifier: MIT */
/*
 * output: the file or pipe that the tape goes to. A file belongs to its owner alone (0600). What
 * had its name before is replaced when recording has begun, and stays if it does not begin; the
 * rules about links, devices and other recorders are those of base/new-file.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/new-file.h"

struct output {
	struct new_file file;
	bool is_ours; /* false: standard output, stays open */
};

#define OUTPUT_INIT ((struct output){.file = {.fd = -1, .replaced = -1}})

/* path "-" is standard output; otherwise it is borrowed until the output is closed. */
int output_open(const char *path, bool must_be_new, struct output *ret,
		struct fault *fault) MUST_CHECK;
/* Recording has begun: gives the file its name for good. */
int output_begin(struct output *o, struct fault *fault) MUST_CHECK;
/* Cuts a file after its last whole section, after a write that failed halfway. */
void output_cut(const struct output *o, uint64_t bytes);
/* Fails where the tape may not have arrived whole, or has lost its name. */
int output_close(struct output *o, struct fault *fault) MUST_CHECK;
/* Takes an output that is closed already, too. A file that recording never began in is removed. */
void output_done(struct output *o);
