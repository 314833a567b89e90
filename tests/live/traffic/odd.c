/* SPDX-License-Identifier: MIT */
/*
 * odd: clients with rare habits: they send data in their SYN, or call send() without a pause.
 */
#include "traffic.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int tfo_main(int argc, char **argv)
{
	static const char data[] = "1000    and some of the thousand";
	long count = number_at(argc, argv, 3, 0), failed = 0;
	struct sockaddr_storage sa;
	socklen_t len = address_of(argv[1], number_at(argc, argv, 2, 0), &sa);

	for (long i = 0; i < count; i++) {
		int fd = socket(sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		char c;

		if (fd < 0)
			die("socket");
		failed += sendto(fd, data, sizeof(data), MSG_FASTOPEN, (const struct sockaddr *)&sa,
				 len) < 0;
		shutdown(fd, SHUT_WR);
		while (recv(fd, &c, 1, 0) > 0)
			;
		close(fd);
	}
	printf("tfo: %ld connections, %ld failed\n", count, failed);
	return failed != 0;
}

/* Keeps the socket locked most of the time, so that its timers and the segments of the peer have to
 * wait. */
int nag_main(int argc, char **argv)
{
	static char zeros[65536];
	struct sockaddr_storage sa;
	socklen_t len = address_of(argv[1], number_at(argc, argv, 2, 0), &sa);
	int fd = connect_to(&sa, len);
	int64_t until = clock_ns() + number_at(argc, argv, 3, 0) * 1000000;
	long tries = 0;

	if (fd < 0)
		die("connect");
	if (send(fd, TRAFFIC_BULK, TRAFFIC_HEAD_LEN, 0) < 0)
		die("send");
	for (; clock_ns() < until; tries++) {
		if (send(fd, zeros, sizeof(zeros), MSG_DONTWAIT) < 0 && errno != EAGAIN)
			die("send");
	}
	close(fd);
	printf("nag: %ld calls\n", tries);
	return 0;
}
