// SPDX-License-Identifier: MIT
/*
 * sock-diag-cost: the kernel makes the message in a worker thread on the CPU where the socket was
 * closed (sock_diag_broadcast_destroy of net/core/sock_diag.c). The time until all messages have
 * come, less the time that closing alone takes, is the cost. The shortest of some rounds counts,
 * which others have disturbed least.
 */
#include "kernel/sock-diag-cost.h"

#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kernel/clock.h"
#include "kernel/sock-diag.h"

#define ROUNDS	4
#define SOCKETS 8
/* A round that takes longer is given up. */
#define PATIENCE_MS 20

static bool close_sockets(void)
{
	for (int i = 0; i < SOCKETS; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd < 0)
			return false;
		close(fd);
	}
	return true;
}

static bool receive_all(int fd)
{
	uint8_t message[2048];

	for (int i = 0; i < SOCKETS; i++) {
		struct pollfd p = {.fd = fd, .events = POLLIN};

		if (poll(&p, 1, PATIENCE_MS) <= 0 ||
		    recv(fd, message, sizeof(message), MSG_DONTWAIT) < 0)
			return false;
	}
	return true;
}

/* The shortest round; 0: it cannot be measured. fd: a subscriber, or -1. */
static uint64_t measure(int fd)
{
	uint64_t least = 0;

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t began = clock_now(), took;

		if (!close_sockets() || (fd >= 0 && !receive_all(fd)))
			return 0;
		took = clock_now() - began;
		if (!least || took < least)
			least = took;
	}
	return least;
}

uint64_t sock_diag_cost(void)
{
	int fd CLEANUP(close_p) = -1;
	uint64_t alone = measure(-1), told = 0, each;

	if (alone && sock_diag_subscribe(&fd, NULL) == 0)
		told = measure(fd);
	if (!told)
		return SOCK_DIAG_COST_NS;
	each = told > alone ? (told - alone) / SOCKETS : 0;
	if (each < SOCK_DIAG_COST_MIN_NS)
		return SOCK_DIAG_COST_MIN_NS;
	return each < SOCK_DIAG_COST_MAX_NS ? each : SOCK_DIAG_COST_MAX_NS;
}
