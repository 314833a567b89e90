/* SPDX-License-Identifier: MIT */
/*
 * output-file: a new file (base/new-file.h) that a process in the sandbox writes. Giving the file
 * its name, and removing it, are forbidden there: a child that stays outside, the keeper, does
 * both. It is started before the tape is read, hears nothing but "keep it", and ends with its
 * parent.
 */
#pragma once

#include "base/new-file.h"

struct output_file {
	struct new_file file;
	int ask;    /* to the keeper; -1: there is none, as the file has its name already */
	int answer; /* of the keeper */
};

/* An output_file that is not open. */
#define OUTPUT_FILE_NONE ((struct output_file){{.fd = -1, .replaced = -1}, -1, -1})

/* Opens path like new_file_open(). To be called before the sandbox is put on. */
int output_file_open(const char *path, const struct new_file_options *o, struct output_file *ret,
		     struct fault *fault) MUST_CHECK;
/* The descriptors that are written to, for struct sandbox_needs. */
void output_file_descriptors(const struct output_file *f, int ret[2]);
/* Gives the file its name, and closes it: without this it is removed. 0 or -errno. */
int output_file_keep(struct output_file *f, struct fault *fault) MUST_CHECK;
/* Returns when a file that was not kept is gone. */
void output_file_done(struct output_file *f);
