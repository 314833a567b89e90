/* SPDX-License-Identifier: MIT */
/*
 * run-record: the options of recording, and a recording with them, for the commands that record.
 */
#pragma once

#include "cli/command.h"
#include "tcp/filter-options.h"

struct run_record_options {
	const char *output;
	uint64_t duration_ns;
	const char *profile;
	struct option_words events;
	uint64_t ring_bytes;
	bool no_stacks;
	bool no_sockets;
	bool raw_pointers;
	struct event_filter filter;
};

extern const struct option_spec record_specs[];
extern const size_t n_record_specs;

/* command: NULL, or an argv that ends in NULL. is_quiet: nothing is said about how it goes. */
enum status run_record(const struct run_record_options *c, char *const *command, const char *line,
		       bool is_quiet, struct fault *fault);
