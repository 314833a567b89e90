/* SPDX-License-Identifier: MIT */
/*
 * new-file: the file that a command was told to write, and that may be there already. It is
 * always a new file: a regular file that has the name keeps its content, its owner and its mode,
 * and loses the name only in new_file_name(), when there is something to put in its place.
 * Whoever writes holds a lock, so that of two who were told the same name the second is refused.
 *
 * A symbolic link to a regular file is refused, so that a link which somebody else made cannot
 * choose the file. Devices, FIFOs and links to them are opened as they are, and so are the names of
 * the caller's own descriptors (/dev/stdout, /dev/fd/3).
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"

struct new_file_options {
	const char *option; /* what the user typed before the name, for faults: "-o" */
	mode_t mode;	    /* of the file; the umask takes bits away */
	bool must_be_new;   /* refuse a name that is there already */
};

struct new_file {
	int fd;
	bool is_stream;	    /* not a regular file: somebody may be reading along */
	const char *path;   /* borrowed */
	char *temporary;    /* the name until the file gets its own; NULL: it has its own */
	int replaced;	    /* the file that has the name until then, locked; -1: none */
	bool is_temporary;  /* new_file_done() removes the file */
	bool is_descriptor; /* of the caller: may have no name at all */
};

/*
 * Opens path for writing. 0, or -errno with a fault that says what to do: -EBUSY where another
 * process holds the lock, -ELOOP for a symbolic link, -EEXIST where it must be new. A FIFO waits
 * for its reader.
 */
int new_file_open(const char *path, const struct new_file_options *o, struct new_file *ret,
		  struct fault *fault) MUST_CHECK;
/* Gives the file its name for good. Until then, new_file_done() removes it. */
int new_file_name(struct new_file *f, struct fault *fault) MUST_CHECK;
/* Closes the file, which may be where a network file system says that writing failed. Fails with
 * -ESTALE if the file was named, but no name leads to it any more. */
int new_file_close(struct new_file *f, struct fault *fault) MUST_CHECK;
/* Closes what new_file_close() did not. */
void new_file_done(struct new_file *f);
