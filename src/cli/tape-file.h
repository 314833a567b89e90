/* SPDX-License-Identifier: MIT */
/*
 * tape-file: a tape that a command reads, opened before the sandbox is put on. It may be read
 * several times unless it is a stream.
 */
#pragma once

#include "playback/playback.h"

struct tape_file {
	const char *path; /* "-": standard input; borrowed */
	int fd;
};

/* Opens path; no byte is read. The caller releases *ret with tape_file_close, also after a
 * failure. */
int tape_file_open(const char *path, struct tape_file *ret, struct fault *fault) MUST_CHECK;
void tape_file_close(struct tape_file *f);

bool tape_file_is_stream(const struct tape_file *f);
/* A reader from the tape's first byte on. The file must stay open as long. */
int tape_file_read(const struct tape_file *f, struct tape_reader **ret,
		   struct fault *fault) MUST_CHECK;
/* A playback of the whole tape, as o says; its path and reader are filled in. */
int tape_file_play(const struct tape_file *f, const struct playback_options *o,
		   struct playback **ret, struct fault *fault) MUST_CHECK;
