// SPDX-License-Identifier: MIT
/*
 * cost: runs a command and prints what it used. The kernel counts the memory of the process that
 * forks as the peak of the child, so the command is started by this small program.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/hot.h"

static double seconds_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double seconds_of(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static _Noreturn void become(char **argv)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	execvp(argv[0], argv);
	_exit(127);
}

int cost_main(int argc, char **argv)
{
	double began = seconds_now(), ended;
	struct rusage used;
	int status;
	pid_t pid = fork();

	if (!pid)
		become(argv + 1);
	if (pid < 0 || wait4(pid, &status, 0, &used) < 0) {
		fprintf(stderr, "hot: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	ended = seconds_now();
	printf("%.6f %.6f %ld\n", ended - began,
	       seconds_of(&used.ru_utime) + seconds_of(&used.ru_stime), used.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
