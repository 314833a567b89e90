/* SPDX-License-Identifier: MIT */
/*
 * run-record: records with the options of recording, for the commands that record.
 */
#pragma once

#include "cli/command.h"
#include "record/record-options.h"

struct run_record_options {
	struct record_options record; /* filled by the parser, but for what run_record adds */
};

/* The options of a struct run_record_options, without those that `live` decides itself or has from
 * its view: --output, and the filter. */
extern const struct option_table recording_option_table;
/* The option --raw-pointers of the same struct, which the help shows last. */
extern const struct option_table pointer_option_table;

/* Adds tracepoints to those of a struct record_options: "tcp:tcp_probe,sock:*". An
 * option_parse_fn. */
int record_event_add(void *record_options, const char *arg, struct arena *arena,
		     struct fault *fault);

/* Records. command: an argv that ends in NULL, to run while recording; NULL: none. line: the whole
 * command line, for the tape. is_quiet: nothing is printed about how the recording goes. */
enum status run_record(const struct run_record_options *c, char *const *command, const char *line,
		       bool is_quiet, struct fault *fault);
