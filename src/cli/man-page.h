/* SPDX-License-Identifier: MIT */
/*
 * man-page: manual pages in the language of scdoc(5). A page is a part written by hand, in which
 * lines that begin with @ stand for what the program's own tables know:
 *   @HEAD      of a command: title, name and synopsis
 *   @DETAIL    the paragraphs of its --help
 *   @OPTIONS   its options, under the headings of its --help
 *   @FORMATS   the output formats
 *   @METRICS   the metrics of report --fail-if
 *   @STATUSES  the exit statuses
 *   @COMMANDS  all commands, with their summaries
 */
#pragma once

#include "cli/command.h"

/* Appends the page. c: the command that it is about; NULL: it is about the program. 0, or a
 * negative errno and a fault that names the wrong line of the part. */
int man_page(const struct command *c, const char *part, struct text *t,
	     struct fault *fault) MUST_CHECK;
