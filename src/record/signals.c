// SPDX-License-Identifier: MIT
/*
 * signals: the mask, the descriptor, and back.
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
	/* A terminal that is closed ends the tape properly, unless nohup said to go on: a blocked
	 * signal would reach us even though it is ignored. */
	if (!sigaction(SIGHUP, NULL, &hangup) && hangup.sa_handler != SIG_IGN)
		sigaddset(&set, SIGHUP);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return fault_errno(fault, -errno, "signalfd");
	sigprocmask(SIG_BLOCK, &set, &s->mask);
	sigaction(SIGPIPE, &ignore, &s->sigpipe);
	s->is_blocked = true;
	s->fd = fd;
	return 0;
}

void signals_release(struct signals *s)
{
	struct signalfd_siginfo info;

	/* What came together with the first signal is not a second one. */
	while (read(s->fd, &info, sizeof(info)) > 0)
		continue;
	if (s->is_blocked)
		sigprocmask(SIG_SETMASK, &s->mask, NULL);
	s->is_blocked = false;
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
