// SPDX-License-Identifier: MIT
/*
 * child, signals: the command waits until it is let go, and has the signal settings of the process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/child.h"
#include "record/signals.h"

static void wait_for_end(struct child *c)
{
	for (int i = 0; i < 10000 && !child_reap(c); i++)
		usleep(1000);
	assert_true(child_reap(c));
}

static void test_child_runs_when_let_go(void **state)
{
	char *argv[] = {(char *)"sh", (char *)"-c", (char *)"exit 7", NULL};
	struct signals signals = {.fd = -1};
	struct child c = {0};

	assert_int_equal(signals_take(&signals, NULL), 0);
	assert_int_equal(child_fork(&c, argv, &signals, true, NULL), 0);
	usleep(20000);
	assert_false(child_reap(&c));
	assert_int_equal(child_go(&c, "sh", NULL), 0);
	wait_for_end(&c);
	assert_true(WIFEXITED(c.status));
	assert_int_equal(WEXITSTATUS(c.status), 7);
	child_done(&c);
	signals_done(&signals);
}

/* Where the tape is on standard output, what the command prints must not be in it. */
static void test_child_without_standard_output(void **state)
{
	char *argv[] = {(char *)"sh", (char *)"-c",
			(char *)"[ $(readlink /proc/$$/fd/1) = $(readlink /proc/$$/fd/2) ]", NULL};
	struct signals signals = {.fd = -1};
	struct child c = {0};
	int out = dup(STDOUT_FILENO), ends[2];

	assert_true(out >= 0);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
	assert_int_equal(signals_take(&signals, NULL), 0);
	assert_int_equal(child_fork(&c, argv, &signals, false, NULL), 0);
	assert_int_equal(child_go(&c, "sh", NULL), 0);
	wait_for_end(&c);
	assert_int_equal(dup2(out, STDOUT_FILENO), STDOUT_FILENO);
	assert_true(WIFEXITED(c.status));
	assert_int_equal(WEXITSTATUS(c.status), 0);
	child_done(&c);
	signals_done(&signals);
	close(out);
	close(ends[0]);
	close(ends[1]);
}

static void test_child_that_cannot_be_executed(void **state)
{
	char *argv[] = {(char *)"/nonexistent/program", NULL};
	struct signals signals = {.fd = -1};
	struct fault fault = FAULT_INIT;
	struct child c = {0};

	assert_int_equal(signals_take(&signals, NULL), 0);
	assert_int_equal(child_fork(&c, argv, &signals, true, NULL), 0);
	assert_int_equal(child_go(&c, argv[0], &fault), -ENOENT);
	assert_non_null(strstr(fault.text, argv[0]));
	child_done(&c);
	signals_done(&signals);
}

/* A recording that cannot begin never executes the command. */
static void test_child_that_is_never_let_go(void **state)
{
	char *argv[] = {(char *)"sh", (char *)"-c", (char *)"exit 7", NULL};
	struct signals signals = {.fd = -1};
	struct child c = {0};

	assert_int_equal(signals_take(&signals, NULL), 0);
	assert_int_equal(child_fork(&c, argv, &signals, true, NULL), 0);
	child_done(&c);
	assert_true(WIFEXITED(c.status));
	assert_int_not_equal(WEXITSTATUS(c.status), 7);
	signals_done(&signals);
}

/* SIGTERM is blocked here, and SIGPIPE ignored; the command can be killed by either. */
static void test_child_has_the_signals_of_the_process(void **state)
{
	char *argv[] = {(char *)"sh", (char *)"-c", (char *)"kill -PIPE $$; exit 7", NULL};
	struct signals signals = {.fd = -1};
	struct child c = {0};

	assert_int_equal(signals_take(&signals, NULL), 0);
	assert_int_equal(child_fork(&c, argv, &signals, true, NULL), 0);
	assert_int_equal(child_go(&c, "sh", NULL), 0);
	wait_for_end(&c);
	assert_true(WIFSIGNALED(c.status));
	assert_int_equal(WTERMSIG(c.status), SIGPIPE);
	child_done(&c);
	signals_done(&signals);
}

static int next_signal(const struct signals *s)
{
	struct signalfd_siginfo info;

	return read(s->fd, &info, sizeof(info)) == sizeof(info) ? (int)info.ssi_signo : 0;
}

static void test_signals_come_by_descriptor(void **state)
{
	struct signals signals = {.fd = -1};

	assert_int_equal(signals_take(&signals, NULL), 0);
	raise(SIGTERM);
	assert_int_equal(next_signal(&signals), SIGTERM);
	raise(SIGHUP);
	assert_int_equal(next_signal(&signals), SIGHUP);
	/* Signals that are still there when they are released are dropped. */
	raise(SIGINT);
	signals_release(&signals);
	assert_int_equal(next_signal(&signals), 0);
	signals_done(&signals);
}

/* Under nohup SIGHUP is ignored, and a recording goes on when the terminal is closed. */
static bool is_taken(int number)
{
	sigset_t now;

	assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &now), 0);
	return sigismember(&now, number);
}

/* While a FIFO has no reader, an interrupt ends the process. */
static void test_signals_pause(void **state)
{
	struct signals signals = {.fd = -1};

	assert_int_equal(signals_take(&signals, NULL), 0);
	assert_true(is_taken(SIGINT) && is_taken(SIGTERM));
	signals_pause(&signals);
	assert_false(is_taken(SIGINT) || is_taken(SIGTERM));
	signals_resume(&signals);
	assert_true(is_taken(SIGINT) && is_taken(SIGTERM));
	signals_done(&signals);
	assert_false(is_taken(SIGINT));
}

static void test_signals_leave_an_ignored_hangup_ignored(void **state)
{
	struct signals signals = {.fd = -1};

	signal(SIGHUP, SIG_IGN);
	assert_int_equal(signals_take(&signals, NULL), 0);
	raise(SIGHUP);
	assert_int_equal(next_signal(&signals), 0);
	signals_done(&signals);
	signal(SIGHUP, SIG_DFL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_child_runs_when_let_go),
		cmocka_unit_test(test_child_without_standard_output),
		cmocka_unit_test(test_child_that_cannot_be_executed),
		cmocka_unit_test(test_child_that_is_never_let_go),
		cmocka_unit_test(test_child_has_the_signals_of_the_process),
		cmocka_unit_test(test_signals_come_by_descriptor),
		cmocka_unit_test(test_signals_pause),
		cmocka_unit_test(test_signals_leave_an_ignored_hangup_ignored),
	};

	/* Whoever starts the test may ignore them. */
	signal(SIGHUP, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
