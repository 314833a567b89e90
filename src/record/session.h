/* SPDX-License-Identifier: MIT */
/*
 * session: one recording, from opening the events to the last byte of the tape. Runs until
 * SIGINT, SIGTERM, SIGHUP, the duration, or the command's end. Knows nothing of what events mean.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/filter.h"

struct record_status {
	uint64_t elapsed_ns;
	uint64_t events;       /* recorded so far */
	uint64_t events_per_s; /* over the last second */
	uint64_t lost;
	uint64_t tape_bytes;
};

struct record_result {
	uint64_t elapsed_ns;
	uint64_t counted; /* hits, over all tracepoints and CPUs */
	uint64_t recorded;
	uint64_t lost;
	uint64_t undelivered; /* counted - recorded - lost */
	uint64_t tape_bytes;
	unsigned int n_tracepoints;
	unsigned int n_cpus;
	bool has_command;
	int command_status; /* as waitpid gives it */
};

struct record_options {
	const char *output;	   /* path, or "-" for standard output */
	bool output_must_be_new;   /* nobody chose the path: what is there already stays */
	const char *profile;	   /* "loss", "all" */
	const char *const *events; /* more tracepoints, "system:name", either part may be a glob */
	size_t n_events;
	uint64_t duration_ns; /* 0: no limit */
	uint64_t ring_bytes;  /* per CPU; 0: default; rounded up to a power of two pages */
	bool no_stacks;
	bool no_sockets;      /* nothing from sock_diag */
	bool raw_pointers;    /* keep kernel addresses in the tape */
	char *const *command; /* NULL, or an argv that ends in NULL */
	struct record_filter filter;
	const char *command_line; /* how tcptape was called, for the tape */
	/* Once a second while recording; NULL: never. */
	void (*status)(void *userdata, const struct record_status *s);
	/* What the user should know, a line each: a tracepoint that is missing, stacks not to be had. */
	void (*notice)(void *userdata, const char *line);
	void *userdata;
};

/*
 * Records. A file that has the tape's name already keeps it until recording has begun; a failure
 * before that leaves all as it was. On failure after it (disk full, reader of the pipe gone),
 * everything up to the last whole section is on the tape, and *ret holds what was recorded. 0 or
 * -errno.
 */
int record_run(const struct record_options *o, struct record_result *ret,
	       struct fault *fault) MUST_CHECK;
