/* SPDX-License-Identifier: MIT */
/*
 * session: one recording, from opening the events to the last byte of the tape. It runs until
 * SIGINT, SIGTERM, SIGHUP, the end of the duration, or the command's end. It knows nothing of what
 * events mean.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/record-options.h"

struct record_result {
	uint64_t elapsed_ns;
	uint64_t counted; /* hits, over all tracepoints and CPUs */
	uint64_t recorded;
	uint64_t lost;
	uint64_t undelivered; /* counted - recorded - lost */
	uint64_t tape_bytes;
	unsigned int n_tracepoints;
	unsigned int n_cpus;
	bool has_command;   /* there was a command, and it has ended */
	int command_status; /* from waitpid(2) */
};

/*
 * Makes one recording. An existing file of the tape's name stays until recording has begun; a
 * failure before that changes no file. After a later failure (disk full, reader of the pipe gone)
 * everything up to the last whole section is on the tape, and *ret holds what was recorded. 0 or
 * -errno.
 */
int record_run(const struct record_options *o, struct record_result *ret,
	       struct fault *fault) MUST_CHECK;
