/* SPDX-License-Identifier: MIT */
/*
 * signals: the signals of a recording. While it runs, SIGINT, SIGTERM, SIGHUP, SIGXCPU and SIGCHLD
 * are read from a descriptor, and SIGPIPE is ignored. Afterwards the process has its own settings
 * again.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>

#include "base/fault.h"

struct signals {
	int fd;			  /* signalfd, non-blocking; -1: there is none */
	sigset_t mask;		  /* the process's own, to be restored */
	sigset_t taken;		  /* those that are read from fd */
	struct sigaction sigpipe; /* the process's own, to be restored */
	bool is_blocked;
};

/* Must be called before any thread is started, because threads inherit the mask. */
int signals_take(struct signals *s, struct fault *fault) MUST_CHECK;
/* Lets signals end the process, as they do by default, while it waits for something that may never
 * come; and takes them again. */
void signals_pause(struct signals *s);
void signals_resume(struct signals *s);
/* Restores the mask: SIGINT, SIGTERM and SIGHUP do again what they did before. */
void signals_release(struct signals *s);
/* After signals_release(): reads them from the descriptor again. */
void signals_hold(struct signals *s);
/* The number of the next signal that has arrived at a signalfd; 0: there is none. */
int signals_next(int fd);
void signals_done(struct signals *s);
