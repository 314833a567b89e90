/* SPDX-License-Identifier: MIT */
/*
 * hot: the commands of the program, and what they share.
 */
#pragma once

#include "bench/rows.h"
#include "record/writer-thread.h"
#include "tape/writer.h"

int drain_main(int argc, char **argv);
int tape_main(int argc, char **argv);
int cost_main(int argc, char **argv);

/* Ends the program when r is a failure. */
void must(int r, const struct fault *fault);
/* Ends it when this is no number in from..to. */
unsigned long hot_number(const char *text, unsigned long from, unsigned long to);

/* Where addresses are in the rows; ROWS_TRACEPOINTS of them. */
void hot_places(const struct rows *r, struct writer_thread_tracepoint *ret);
/* What a tape begins with. */
int hot_begin(const struct rows *r, struct tape_writer *w, struct fault *fault) MUST_CHECK;
