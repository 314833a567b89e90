/* SPDX-License-Identifier: MIT */
/*
 * status: how the result of a run becomes the exit status of a command.
 */
#pragma once

#include "cli/command.h"
#include "playback/playback.h"

/* Each exit status, and what it means, for the help and the manual pages. */
struct status_text {
	enum status status;
	const char *text;
};
extern const struct status_text status_texts[];
extern const size_t n_status_texts;

/* The status of a command whose work returned r: 0 or -errno. -EPIPE is no failure: the program
 * that read the output has ended, as head does. The fault is cleared then. */
enum status status_of_result(int r, struct fault *fault);
/* The status of a command that played a tape and finished its output with the result r. The fault
 * says what is damaged, if anything is. */
enum status status_of_playback(const struct playback *p, int r, struct fault *fault);

/* To be called before a stream is read. The first interrupt (control-C) is meant for the
 * recorder at the other end of the pipe, whose last events and totals are still to come; the
 * second one ends this program. */
void stream_ignore_first_interrupt(void);
