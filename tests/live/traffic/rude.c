/* SPDX-License-Identifier: MIT */
/*
 * rude: servers that make trouble for their peers: they reset connections midway, accept no
 * connection, or read only a little now and then.
 */
#include "traffic.h"

#include <fcntl.h>
#include <unistd.h>

#define MAX_SIPPED 64

/* Resets each connection, with data unread, when its peer has sent that many bytes. */
static _Noreturn void connections_slam(int listener, long bytes)
{
	const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
	char data[4096];

	for (;;) {
		int fd = accept(listener, NULL, NULL);
		long left = bytes;

		if (fd < 0)
			continue;
		while (left > 0) {
			ssize_t n = recv(fd, data, sizeof(data), 0);

			if (n <= 0)
				break;
			left -= n;
		}
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		close(fd);
	}
}

int slam_main(int argc, char **argv)
{
	int listener = listen_on("::", number_at(argc, argv, 1, 0));

	go_background();
	connections_slam(listener, number_at(argc, argv, 2, 0));
}

int deaf_main(int argc, char **argv)
{
	int listener = listen_on("::", number_at(argc, argv, 1, 0));

	if (listen(listener, number_at(argc, argv, 2, 1)) < 0)
		die("listen");
	go_background();
	for (;;)
		pause();
}

int sip_main(int argc, char **argv)
{
	int listener = listen_on("::", number_at(argc, argv, 1, 0));
	int space = number_at(argc, argv, 2, 0);
	long bytes = number_at(argc, argv, 3, 0), gap_ms = number_at(argc, argv, 4, 0);
	static char data[65536];
	int fds[MAX_SIPPED], n = 0;

	if (bytes > (long)sizeof(data))
		return 2;
	/* Accepted connections inherit the buffer size of their listener. */
	if (setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &space, sizeof(space)) < 0)
		die("SO_RCVBUF");
	if (fcntl(listener, F_SETFL, O_NONBLOCK) < 0)
		die("fcntl");
	go_background();
	for (;; usleep(gap_ms * 1000)) {
		while (n < MAX_SIPPED) {
			int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

			if (fd < 0)
				break;
			fds[n++] = fd;
		}
		for (int i = 0; i < n; i++) {
			if (recv(fds[i], data, bytes, MSG_DONTWAIT) == 0) {
				close(fds[i]);
				fds[i--] = fds[--n];
			}
		}
	}
}
