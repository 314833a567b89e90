/* SPDX-License-Identifier: MIT */
/*
 * audited-tape: what the kernel counted against what a tape has, for commands that do not analyse
 * it otherwise: info and check. The tape is read twice. Of a stream the first reading makes a copy
 * without a name, in $TMPDIR, /var/tmp or /tmp.
 */
#pragma once

#include "cli/tape-file.h"
#include "detect/audit.h"
#include "tape/reader.h"

struct audited_tape {
	const struct tape_file *tape;
	struct tape_file copy; /* of a stream; fd -1: none */
	struct audit audit;
	bool is_done;
	const char *why_not; /* NULL: done, or the tape has no counters */
};

/* Opens the file without a name that a stream is copied to: before the sandbox is put on, and one
 * of its outputs. -1: the tape is no stream, or there is no place for a file. */
int audited_tape_copy(const struct tape_file *tape);
/* Opens the tape for the first reading. Takes copy_fd, of audited_tape_copy(). audited_tape_done()
 * must follow even a failure. */
int audited_tape_open(struct audited_tape *a, const struct tape_file *tape, int copy_fd,
		      struct tape_reader **ret, struct fault *fault) MUST_CHECK;
/* Reads the tape a second time, to count its events, when the reader has read all of it. A tape of
 * more than rows_max rows (0: no limit) is left out. */
int audited_tape_make(struct audited_tape *a, struct tape_reader *reader, uint64_t rows_max,
		      struct fault *fault) MUST_CHECK;
void audited_tape_done(struct audited_tape *a);
