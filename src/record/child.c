// SPDX-License-Identifier: MIT
/*
 * child: holds the child process back with one pipe, and reads from another pipe why exec failed.
 */
#include "record/child.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"

static void child_main(int go, int said, char *const *argv, const struct signals *signals,
		       bool has_stdout)
{
	ssize_t n;
	char c;
	int why;

	if (io_read_all(go, &c, 1) != 1)
		_exit(127);
	if (!has_stdout && dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		close(STDOUT_FILENO);
	sigaction(SIGPIPE, &signals->sigpipe, NULL);
	sigprocmask(SIG_SETMASK, &signals->mask, NULL);
	execvp(argv[0], argv);
	why = errno;
	n = write(said, &why, sizeof(why));
	(void)n;
	_exit(127);
}

int child_fork(struct child *c, char *const *argv, const struct signals *signals, bool has_stdout,
	       struct fault *fault)
{
	int go_out CLEANUP(close_p) = -1, go_in CLEANUP(close_p) = -1;
	int said_out CLEANUP(close_p) = -1, said_in CLEANUP(close_p) = -1;
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return fault_errno(fault, -errno, "pipe");
	go_out = fds[0];
	go_in = fds[1];
	if (pipe2(fds, O_CLOEXEC) < 0)
		return fault_errno(fault, -errno, "pipe");
	said_out = fds[0];
	said_in = fds[1];
	pid = fork();
	if (pid < 0)
		return fault_errno(fault, -errno, "fork");
	if (pid == 0) {
		/* The child must not keep the write end open: its read of the pipe would then not
		 * end when the recorder dies. */
		close(go_in);
		child_main(go_out, said_in, argv, signals, has_stdout);
	}
	c->pid = pid;
	c->go = go_in;
	c->said = said_out;
	go_in = said_out = -1;
	return 0;
}

int child_go(struct child *c, const char *name, struct fault *fault)
{
	int why = 0;
	int r = io_write_all(c->go, "g", 1);

	if (r < 0)
		return fault_errno(fault, r, "starting %s", name);
	c->is_let_go = true;
	/* This read ends at once, because exec closes the pipe's other end. */
	if (io_read_all(c->said, &why, sizeof(why)) == (ssize_t)sizeof(why))
		return fault_errno(fault, -why, "cannot run %s", name);
	return 0;
}

bool child_reap(struct child *c)
{
	if (c->pid && !c->has_ended && waitpid(c->pid, &c->status, WNOHANG) == c->pid)
		c->has_ended = true;
	return c->has_ended;
}

void child_done(struct child *c)
{
	if (!c->pid)
		return;
	close(c->go);
	close(c->said);
	if (!c->has_ended)
		waitpid(c->pid, &c->status, c->is_let_go ? WNOHANG : 0);
	c->pid = 0;
}
