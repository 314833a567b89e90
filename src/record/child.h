/* SPDX-License-Identifier: MIT */
/*
 * child: the command that is recorded: forked early, held until the events are on, then let go.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"
#include "record/signals.h"

struct child {
	pid_t pid; /* 0: none */
	int go;	   /* closing it without a word makes the child leave */
	int said;  /* errno of a failed exec comes out of it */
	bool is_let_go;
	bool has_ended;
	int status; /* as waitpid gives it */
};

/* signals: what the child gets back before it becomes the command. */
int child_fork(struct child *c, char *const *argv, const struct signals *signals,
	       struct fault *fault) MUST_CHECK;
/* Lets it run. -ENOENT and others when it cannot be executed. */
int child_go(struct child *c, const char *name, struct fault *fault) MUST_CHECK;
/* Has it ended by now? Fills status. */
bool child_reap(struct child *c);
/* A child that was never let go leaves; another one runs on. */
void child_done(struct child *c);
