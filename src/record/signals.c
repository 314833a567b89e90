// SPDX-License-Identifier: MIT
/*
 * signals: blocks the signals and reads them from a signalfd.
 */
#include "record/signals.h"

#include <errno.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

int signals_take(struct signals *s, struct fault *fault)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, hangup;
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	/* A limit of CPU time ends the recording properly, too. */
	sigaddset(&set, SIGXCPU);
	/* SIGHUP is taken so that the tape is ended properly when the terminal is closed. Under
	 * nohup it is ignored and must stay so: a blocked signal is read from the descriptor even
	 * if it is ignored. */
	if (!sigaction(SIGHUP, NULL, &hangup) && hangup.sa_handler != SIG_IGN)
		sigaddset(&set, SIGHUP);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return fault_errno(fault, -errno, "signalfd");
	s->taken = set;
	sigprocmask(SIG_BLOCK, &set, &s->mask);
	sigaction(SIGPIPE, &ignore, &s->sigpipe);
	s->is_blocked = true;
	s->fd = fd;
	return 0;
}

void signals_pause(struct signals *s)
{
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

void signals_resume(struct signals *s)
{
	sigprocmask(SIG_BLOCK, &s->taken, NULL);
}

void signals_release(struct signals *s)
{
	struct signalfd_siginfo info;

	/* Signals that arrived together with the first one are dropped: only a signal sent from now
	 * on ends the process. */
	while (read(s->fd, &info, sizeof(info)) > 0)
		continue;
	if (s->is_blocked)
		sigprocmask(SIG_SETMASK, &s->mask, NULL);
	s->is_blocked = false;
}

void signals_hold(struct signals *s)
{
	sigset_t mask;

	if (s->fd < 0)
		return;
	/* The process's own mask is known already. */
	sigprocmask(SIG_BLOCK, &s->taken, &mask);
	s->is_blocked = true;
}

int signals_next(int fd)
{
	struct signalfd_siginfo info;

	if (fd < 0 || read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}

void signals_done(struct signals *s)
{
	if (s->fd < 0)
		return;
	signals_release(s);
	sigaction(SIGPIPE, &s->sigpipe, NULL);
	close(s->fd);
	s->fd = -1;
}
