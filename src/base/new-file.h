/* SPDX-License-Identifier: MIT */
/*
 * new-file: an output file whose name may be in use. The output is always a new file: a regular
 * file that has the name keeps its content, owner and mode, and loses the name only in
 * new_file_name(), when there is a file to take its place. The writer holds a lock, so that a
 * second process that wants to write the same name is refused.
 *
 * A symbolic link to a regular file is refused, so that somebody else cannot choose the file with a
 * link. Devices, FIFOs and links to them are opened themselves, and so are the names of the
 * caller's own descriptors (/dev/stdout, /dev/fd/3).
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"

struct new_file_options {
	const char *option; /* what the user typed before the name, for faults: "-o" */
	mode_t mode;	    /* of the file, before the umask */
	bool must_be_new;   /* refuse a name that is there already */
};

struct new_file {
	int fd;
	bool is_stream;	    /* not a regular file, so that somebody may read it at the same time */
	const char *path;   /* borrowed */
	char *temporary;    /* name of the file until new_file_name(); NULL: it has its own */
	int replaced;	    /* the file that has the name until then, locked; -1: none */
	bool is_temporary;  /* new_file_done() removes the file */
	bool is_descriptor; /* a descriptor of the caller, which may have no name at all */
};

/*
 * Opens path for writing. 0, or -errno with a fault that says what to do: -EBUSY if another process
 * holds the lock, -ELOOP for a symbolic link, -EEXIST if o->must_be_new and the name is in use. The
 * open of a FIFO waits for a reader.
 */
int new_file_open(const char *path, const struct new_file_options *o, struct new_file *ret,
		  struct fault *fault) MUST_CHECK;
/* Gives the file its name, and keeps it: without this, new_file_done() removes it. 0 or -errno. */
int new_file_name(struct new_file *f, struct fault *fault) MUST_CHECK;
/* Closes the file; some network file systems report only here that a write has failed. -ESTALE: the
 * file got its name, but somebody has removed or replaced it since. 0 or -errno. */
int new_file_close(struct new_file *f, struct fault *fault) MUST_CHECK;
/* Frees everything, after new_file_close() or without it. */
void new_file_done(struct new_file *f);
