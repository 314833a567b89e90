/* SPDX-License-Identifier: MIT */
/*
 * client: the clients. Each command opens connections to one address, one after the other or, for
 * bulk, all at once in processes of their own.
 */
#include "traffic.h"

#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int connect_to(const struct sockaddr_storage *sa, socklen_t len)
{
	const char *from = getenv("TRAFFIC_FROM");
	int fd = socket(sa->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_storage own;

	if (fd < 0)
		die("socket");
	if (from && bind(fd, (struct sockaddr *)&own, address_of(from, 0, &own)) < 0)
		die(from);
	if (connect(fd, (const struct sockaddr *)sa, len) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool send_all(int fd, const void *data, size_t n)
{
	while (n) {
		ssize_t sent = send(fd, data, n, 0);

		if (sent < 0)
			return false;
		data = (const char *)data + sent;
		n -= sent;
	}
	return true;
}

/* Sends a FIN and waits for the peer's, so that all data is known to have arrived. */
static void connection_finish(int fd)
{
	char rest[65536];

	shutdown(fd, SHUT_WR);
	while (recv(fd, rest, sizeof(rest), 0) > 0)
		;
	close(fd);
}

static bool bulk_one(const struct sockaddr_storage *sa, socklen_t len, long bytes)
{
	static const char zeros[65536];
	int fd = connect_to(sa, len);
	bool ok;

	if (fd < 0)
		return false;
	ok = send_all(fd, TRAFFIC_BULK, TRAFFIC_HEAD_LEN);
	while (ok && bytes > 0) {
		size_t n = bytes < (long)sizeof(zeros) ? (size_t)bytes : sizeof(zeros);

		ok = send_all(fd, zeros, n);
		bytes -= n;
	}
	connection_finish(fd);
	return ok;
}

int bulk_main(int argc, char **argv)
{
	struct sockaddr_storage sa;
	socklen_t len = address_of(argv[1], number_at(argc, argv, 2, 0), &sa);
	long bytes = number_at(argc, argv, 3, 0), n = number_at(argc, argv, 4, 1);
	int failed = 0;

	for (long i = 0; i < n; i++) {
		if (!fork()) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			_exit(!bulk_one(&sa, len, bytes));
		}
	}
	for (int status; wait(&status) > 0;)
		failed += status != 0;
	printf("bulk: %ld connections of %ld bytes, %d failed\n", n, bytes, failed);
	return failed != 0;
}

int ask_main(int argc, char **argv)
{
	static char data[65536];
	long count = number_at(argc, argv, 3, 0), size = number_at(argc, argv, 4, 0);
	long gap_ms = number_at(argc, argv, 5, 0), done = 0;
	struct sockaddr_storage sa;
	socklen_t len = address_of(argv[1], number_at(argc, argv, 2, 0), &sa);
	char head[TRAFFIC_HEAD_LEN + 1];
	int on = 1, fd;

	if (size < 1 || size > (long)sizeof(data))
		return 2;
	fd = connect_to(&sa, len);
	if (fd < 0)
		die("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	snprintf(head, sizeof(head), "%-8ld", size);
	if (!send_all(fd, head, TRAFFIC_HEAD_LEN))
		die("send");
	for (; done < count; done++) {
		char answer;

		if (!send_all(fd, data, size) || recv(fd, &answer, 1, 0) != 1)
			break;
		usleep(gap_ms * 1000);
	}
	connection_finish(fd);
	printf("ask: %ld of %ld requests answered\n", done, count);
	return done != count;
}

int conn_main(int argc, char **argv)
{
	long count = number_at(argc, argv, 3, 0), gap_ms = number_at(argc, argv, 4, 0), failed = 0;
	struct sockaddr_storage sa;
	socklen_t len = address_of(argv[1], number_at(argc, argv, 2, 0), &sa);

	for (long i = 0; i < count; i++) {
		failed += !bulk_one(&sa, len, 1);
		usleep(gap_ms * 1000);
	}
	printf("conn: %ld connections, %ld failed\n", count, failed);
	return 0;
}

int reset_main(int argc, char **argv)
{
	const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
	long count = number_at(argc, argv, 3, 0), made = 0;
	struct sockaddr_storage sa;
	socklen_t len = address_of(argv[1], number_at(argc, argv, 2, 0), &sa);

	for (long i = 0; i < count; i++) {
		int fd = connect_to(&sa, len);

		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		close(fd);
		made++;
	}
	printf("reset: %ld connections made and reset\n", made);
	return made != count;
}
