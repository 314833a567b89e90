/* SPDX-License-Identifier: MIT */
/*
 * main: the table of the commands of traffic, and the functions that the commands share.
 */
#include "traffic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int now_main(int argc, char **argv)
{
	printf("%lld\n", (long long)clock_ns());
	return 0;
}

static const struct command {
	const char *name;
	int min_args;
	int (*run)(int argc, char **argv);
	const char *usage;
} commands[] = {
	{"sink", 1, sink_main,
	 "sink PORT [ADDR]              serve in the background, print the pid"},
	{"pour", 2, pour_main, "pour PORT BYTES               serve so much to each connection"},
	{"slam", 2, slam_main, "slam PORT BYTES               reset each connection after so much"},
	{"deaf", 1, deaf_main, "deaf PORT [BACKLOG]           listen, and never accept"},
	{"sip", 4, sip_main,
	 "sip PORT SPACE BYTES MS       read BYTES of each connection every MS"},
	{"bulk", 3, bulk_main,
	 "bulk HOST PORT BYTES [N]      N connections at once send BYTES each"},
	{"ask", 4, ask_main,
	 "ask HOST PORT COUNT SIZE [MS] requests, one byte back, MS between them"},
	{"conn", 3, conn_main,
	 "conn HOST PORT COUNT [MS]     short connections; failures are counted"},
	{"reset", 3, reset_main, "reset HOST PORT COUNT         connections that end in a RST"},
	{"tfo", 3, tfo_main, "tfo HOST PORT COUNT           connections with data in the SYN"},
	{"nag", 3, nag_main, "nag HOST PORT MS              one that sends without a pause"},
	{"storm", 4, storm_main,
	 "storm HOST PORT COUNT SECONDS [SRC [N]]  COUNT connects that hang; from N addresses"},
	{"churn", 3, churn_main,
	 "churn PORT SECONDS PAIRS [REST_MS]  loopback connections, as many as go; of every 100 "
	 "ms\n"
	 "                                      the last REST_MS are quiet"},
	{"mill", 2, mill_main,
	 "mill MS PROCESSES [rst|RATE]  processes that connect to themselves as fast as they can, "
	 "or\n"
	 "                              so many times a second together"},
	{"spin", 1, spin_main,
	 "spin SECONDS                  keep every CPU from idling, print the pid"},
	{"now", 0, now_main, "now                           CLOCK_MONOTONIC in nanoseconds"},
};

void die(const char *what)
{
	fprintf(stderr, "traffic: %s: %s\n", what, strerror(errno));
	exit(1);
}

int64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

long number_at(int argc, char **argv, int i, long otherwise)
{
	char *end;
	long n;

	if (i >= argc)
		return otherwise;
	n = strtol(argv[i], &end, 10);
	if (!*argv[i] || *end || n < 0) {
		errno = EINVAL;
		die(argv[i]);
	}
	return n;
}

socklen_t address_of(const char *host, int port, struct sockaddr_storage *ret)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)ret;
	struct sockaddr_in *four = (struct sockaddr_in *)ret;

	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(port);
		return sizeof(*four);
	}
	if (inet_pton(AF_INET6, host, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(port);
		return sizeof(*six);
	}
	errno = EINVAL;
	die(host);
}

void go_background(void)
{
	pid_t pid = fork();
	int null;

	if (pid < 0)
		die("fork");
	if (pid > 0) {
		printf("%d\n", pid);
		exit(0);
	}
	setsid();
	null = open("/dev/null", O_RDWR);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	/* Other descriptors are pipes of the caller: their readers wait until every copy is
	 * closed. */
	for (int fd = 3; fd < 10; fd++)
		if (fd != null && fcntl(fd, F_GETFL) >= 0 && !(fcntl(fd, F_GETFD) & FD_CLOEXEC))
			close(fd);
	alarm(TRAFFIC_MAX_SECONDS);
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	alarm(TRAFFIC_MAX_SECONDS);
	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name) && argc - 2 >= commands[i].min_args)
			return commands[i].run(argc - 1, argv + 1);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(stderr, "traffic %s\n", commands[i].usage);
	return 2;
}
