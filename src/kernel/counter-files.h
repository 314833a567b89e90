/* SPDX-License-Identifier: MIT */
/*
 * counter-files: the files of /proc that counters are read from: those of a network namespace, and
 * those of the whole host. A file that is missing, or that may not be read, is simply left out.
 */
#pragma once

#include <stdbool.h>

#include "base/buffer.h"
#include "kernel/counter-text.h"

enum counter_scope {
	COUNTER_SCOPE_NET,  /* files below /proc/PID/net, of the namespace of that process */
	COUNTER_SCOPE_HOST, /* files below /proc */
};

#define COUNTER_FILES_MAX 12

/* Files of one scope. They are open where `fds` says so (-1: not there), or else are opened for
 * each reading. */
struct counter_files {
	enum counter_scope scope;
	int fds[COUNTER_FILES_MAX];
	struct buffer text; /* of the file that was read last */
};

#define COUNTER_FILES_INIT(of)                                                                     \
	((struct counter_files){                                                                   \
		.scope = (of),                                                                     \
		.fds = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},                           \
	})

/* Opens the files for good; dir is "/proc/self/net" or "/proc", or a test's copy. */
void counter_files_open(struct counter_files *f, const char *dir);
void counter_files_done(struct counter_files *f);
/* Reads all files that are open. 0, or what take returned, or -ENOMEM. */
int counter_files_read(struct counter_files *f, counter_take_fn take, void *userdata) MUST_CHECK;
/* Opens, reads and closes the files in a directory. *ret_n is how many could be read. */
int counter_files_read_in(struct counter_files *f, const char *dir, counter_take_fn take,
			  void *userdata, size_t *ret_n) MUST_CHECK;
