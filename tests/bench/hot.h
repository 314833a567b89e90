/* SPDX-License-Identifier: MIT */
/*
 * hot: the commands of the benchmark's helper, and the functions that they share.
 */
#pragma once

#include "bench/rows.h"
#include "record/block.h"
#include "tape/writer.h"

int drain_main(int argc, char **argv);
int tape_main(int argc, char **argv);
int cost_main(int argc, char **argv);

/* Ends the program with the fault's text if r is negative. */
void must(int r, const struct fault *fault);
/* Parses a number. Ends the program if the text is none, or one outside of from..to. */
unsigned long hot_number(const char *text, unsigned long from, unsigned long to);

/* The places of addresses in the rows, for each of ROWS_TRACEPOINTS tracepoints. */
void hot_places(const struct rows *r, struct block_tracepoint *ret);
/* Writes the sections that a tape begins with. */
int hot_begin(const struct rows *rows, struct tape_writer *w, struct fault *fault) MUST_CHECK;
