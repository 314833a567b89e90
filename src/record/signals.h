/* SPDX-License-Identifier: MIT */
/*
 * signals: SIGINT, SIGTERM and SIGCHLD by descriptor, SIGPIPE ignored, for as long as a recording
 * lasts. The process gets its own settings back.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>

#include "base/fault.h"

struct signals {
	int fd;			  /* signalfd, non-blocking; -1: not taken */
	sigset_t mask;		  /* the process' own */
	struct sigaction sigpipe; /* ditto */
	bool is_blocked;
};

/* Before any thread is started: threads inherit the mask. */
int signals_take(struct signals *s, struct fault *fault) MUST_CHECK;
/* SIGINT and SIGTERM do what they did before. */
void signals_release(struct signals *s);
void signals_done(struct signals *s);
