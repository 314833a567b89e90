/* SPDX-License-Identifier: MIT */
/*
 * mill: the most events that a CPU can make: processes that connect to themselves, so that none
 * waits for another.
 */
#include "traffic.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

/* How many connections are made between two looks at the clock: at full speed, and at a rate. */
#define TURN	  32
#define TURN_PACE 4

/* Makes a connection with a request and an answer, and closes it with FIN or RST. Returns 1 if all
 * of it worked. */
static long turn_once(int listener, const struct sockaddr_storage *to, socklen_t len, bool is_reset)
{
	const struct linger abort = {.l_onoff = 1};
	char bytes[256] = "";
	long worked;
	int near = connect_to(to, len), far;

	if (near < 0)
		return 0;
	far = accept(listener, NULL, NULL);
	worked = send(near, bytes, 100, 0) == 100 && recv(far, bytes, sizeof(bytes), 0) == 100 &&
		 send(far, bytes, 50, 0) == 50 && recv(near, bytes, sizeof(bytes), 0) == 50;
	if (is_reset)
		setsockopt(near, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort));
	close(near);
	if (!is_reset)
		worked &= recv(far, bytes, 1, 0) == 0;
	close(far);
	return worked;
}

/* Waits until `made` connections are due at a rate per second that began at `from`. */
static void wait_for_pace(int64_t from, long made, long rate)
{
	int64_t left = from + made * (1000000000 / rate) - clock_ns();

	if (left > 0)
		usleep((useconds_t)(left / 1000));
}

/* rate: connections per second; 0: as many as go. */
static _Noreturn void turns_run(int number, int64_t until, bool is_reset, long rate)
{
	int64_t from = clock_ns();
	int turn = rate ? TURN_PACE : TURN;
	struct sockaddr_storage to;
	socklen_t len = sizeof(to);
	char host[32];
	long made = 0;
	int listener;

	snprintf(host, sizeof(host), "127.99.%d.1", number);
	listener = listen_on(host, 0);
	if (getsockname(listener, (struct sockaddr *)&to, &len) < 0)
		die("getsockname");
	while (clock_ns() < until) {
		for (int i = 0; i < turn; i++)
			made += turn_once(listener, &to, len, is_reset);
		if (rate)
			wait_for_pace(from, made, rate);
	}
	printf("mill: %ld connections\n", made);
	fflush(stdout);
	_exit(0);
}

int mill_main(int argc, char **argv)
{
	int64_t until = clock_ns() + number_at(argc, argv, 1, 0) * 1000000;
	long processes = number_at(argc, argv, 2, 1);
	bool is_reset = argc > 3 && !strcmp(argv[3], "rst");
	long rate = is_reset ? 0 : number_at(argc, argv, 3, 0) / processes;

	for (long i = 0; i < processes; i++) {
		if (!fork()) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			turns_run((int)i, until, is_reset, rate);
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
