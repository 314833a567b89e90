/* SPDX-License-Identifier: MIT */
/*
 * output: the file or pipe that the tape goes to. Only its owner may read a new file (0600). An
 * existing file of that name is replaced when recording begins, and stays if recording does not
 * begin; the rules about links, devices and other recorders are those of base/new-file.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/new-file.h"

struct output {
	struct new_file file;
	bool is_ours; /* false: it is standard output, which stays open */
};

#define OUTPUT_INIT ((struct output){.file = {.fd = -1, .replaced = -1}})

/* path "-" is standard output; another path is borrowed until the output is closed. */
/* Is it a FIFO? Opening it waits for a reader, which may never come. */
bool output_waits(const char *path);
int output_open(const char *path, bool must_be_new, struct output *ret,
		struct fault *fault) MUST_CHECK;
/* Gives the file its name, once recording has begun. */
int output_begin(struct output *o, struct fault *fault) MUST_CHECK;
/* Truncates a file to this many bytes, the end of its last whole section, after a write that failed
 * halfway. Leaves a stream as it is. */
void output_cut(const struct output *o, uint64_t bytes);
/* Closes the file. Fails if the tape may be incomplete, or if its name no longer leads to it. */
int output_close(struct output *o, struct fault *fault) MUST_CHECK;
/* Closes the file if output_close() did not, and removes it if output_begin() was never called. */
void output_done(struct output *o);
