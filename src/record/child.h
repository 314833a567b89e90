/* SPDX-License-Identifier: MIT */
/*
 * child: the command that is recorded. Its process is forked early, waits until the events are
 * enabled, and then executes the command.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"
#include "record/signals.h"

struct child {
	pid_t pid; /* 0: none */
	int go;	   /* pipe: a byte lets the child execute the command, closing it makes it exit */
	int said;  /* pipe: carries the errno of a failed exec */
	bool is_let_go;
	bool has_ended;
	int status; /* from waitpid(2) */
};

/* signals: the settings that the child restores before it executes the command. has_stdout: where
 * standard output is not the command's, because a tape goes there, the command writes to standard
 * error. */
int child_fork(struct child *c, char *const *argv, const struct signals *signals, bool has_stdout,
	       struct fault *fault) MUST_CHECK;
/* Lets the child execute the command. Fails with the errno of exec: -ENOENT, -EACCES, ... */
int child_go(struct child *c, const char *name, struct fault *fault) MUST_CHECK;
/* Returns whether the command has ended, without waiting; if it has, fills c->status. */
bool child_reap(struct child *c);
/* Closes the pipes: a child that was never let go exits, a command that runs keeps running. */
void child_done(struct child *c);
