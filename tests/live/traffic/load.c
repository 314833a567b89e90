/* SPDX-License-Identifier: MIT */
/*
 * load: loads in great number: connects that nobody answers, connections opened and closed as fast
 * as the kernel can, and processes that keep CPUs from idling.
 */
#include "traffic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

#define MSEC 1000000LL

/* Binds to the IPv4 address src + i: a single address has too few ports for a storm. */
static void bind_source(int fd, const char *src, long i)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};
	int on = 1;

	if (inet_pton(AF_INET, src, &sin.sin_addr) != 1) {
		errno = EINVAL;
		die(src);
	}
	sin.sin_addr.s_addr = htonl(ntohl(sin.sin_addr.s_addr) + i);
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0)
		die("bind");
}

struct storm {
	struct sockaddr_storage to;
	socklen_t len;
	const char *src; /* NULL: the kernel's choice */
	long n_sources;
	long seconds;
};

/* Opens the sockets from first to end - 1. The exit status is the number of sockets that failed at
 * once, or 255. */
static _Noreturn void storm_part(const struct storm *s, long first, long end)
{
	long failed = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (long i = first; i < end; i++) {
		int fd = socket(s->to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		if (fd < 0)
			die("socket");
		if (s->src)
			bind_source(fd, s->src, i % s->n_sources);
		failed += connect(fd, (const struct sockaddr *)&s->to, s->len) < 0 &&
			  errno != EINPROGRESS;
	}
	sleep(s->seconds);
	_exit(failed < 255 ? failed : 255);
}

/* A process may hold only so many files, so that a storm is divided among several processes. */
int storm_main(int argc, char **argv)
{
	long count = number_at(argc, argv, 3, 0), failed = 0, part;
	struct storm s = {
		.src = argc > 5 ? argv[5] : NULL,
		.n_sources = number_at(argc, argv, 6, 1),
		.seconds = number_at(argc, argv, 4, 0),
	};
	struct rlimit files;

	s.len = address_of(argv[1], number_at(argc, argv, 2, 0), &s.to);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_max < 128)
		die("RLIMIT_NOFILE");
	part = files.rlim_max < 20064 ? (long)files.rlim_max - 64 : 20000;
	for (long first = 0; first < count; first += part) {
		if (!fork())
			storm_part(&s, first, first + part < count ? first + part : count);
	}
	for (int status; wait(&status) > 0;)
		failed += WIFEXITED(status) ? WEXITSTATUS(status) : 255;
	printf("storm: %ld sockets, %ld failed at once\n", count, failed);
	return failed != 0;
}

static _Noreturn void churn_client(int port, int number, int64_t until, long rest_ms)
{
	const struct timeval patience = {.tv_sec = 1};
	long made = 0;

	while (clock_ns() < until) {
		struct sockaddr_storage sa;
		socklen_t len;
		char host[32], c;
		int fd;

		if (rest_ms && clock_ns() / MSEC % 100 >= 100 - rest_ms) {
			usleep(500);
			continue;
		}
		/* The address changes every 1,000 connections, so that TIME_WAIT does not use up
		 * all ports. */
		snprintf(host, sizeof(host), "127.%d.%ld.1", 100 + number, made / 1000 % 250);
		len = address_of(host, port, &sa);
		fd = connect_to(&sa, len);
		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		if (send(fd, "1       x", TRAFFIC_HEAD_LEN + 1, 0) > 0 && recv(fd, &c, 1, 0) == 1)
			made++;
		close(fd);
	}
	printf("churn: %ld connections\n", made);
	fflush(stdout);
	_exit(0);
}

int churn_main(int argc, char **argv)
{
	long port = number_at(argc, argv, 1, 0), pairs = number_at(argc, argv, 3, 1);
	long rest_ms = number_at(argc, argv, 4, 0);
	int64_t until = clock_ns() + number_at(argc, argv, 2, 0) * 1000 * MSEC;
	pid_t servers[64];

	if (pairs < 1 || pairs > 64 || rest_ms > 99)
		return 2;
	for (long i = 0; i < pairs; i++) {
		int listener = listen_on("0.0.0.0", port + i);

		servers[i] = fork();
		if (!servers[i]) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve(listener);
		}
		close(listener);
	}
	for (long i = 0; i < pairs; i++) {
		if (!fork()) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			churn_client(port + i, i, until, rest_ms);
		}
	}
	/* The clients end by themselves, before the servers are killed. */
	for (long i = 0; i < pairs; i++)
		wait(NULL);
	for (long i = 0; i < pairs; i++)
		kill(servers[i], SIGKILL);
	return 0;
}

/* Spins with SCHED_IDLE, which takes only the CPU time that no other process wants. */
static _Noreturn void spin_on(int cpu)
{
	struct sched_param none = {0};
	cpu_set_t set;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) < 0 ||
	    sched_setscheduler(0, SCHED_IDLE, &none) < 0)
		_exit(1);
	for (;;)
		__asm__ volatile("" ::: "memory");
}

int spin_main(int argc, char **argv)
{
	long seconds = number_at(argc, argv, 1, 0);
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		die("sched_getaffinity");
	go_background();
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set) && !fork())
			spin_on(cpu);
	sleep(seconds);
	return 0;
}
