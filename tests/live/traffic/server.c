/* SPDX-License-Identifier: MIT */
/*
 * server: the servers, each one process with one epoll set. A connection's requests are as long as
 * its first TRAFFIC_HEAD_LEN bytes say, and each is answered with one byte. The server closes a
 * connection when the peer does.
 */
#include "traffic.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

struct conn {
	int fd;
	char head[TRAFFIC_HEAD_LEN + 1];
	size_t n_head;
	long size; /* of a request; 0: no answers */
	long left;
};

int listen_on(const char *host, int port)
{
	struct sockaddr_storage sa;
	socklen_t len = address_of(host, port, &sa);
	int fd = socket(sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1, off = 0;

	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (sa.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, (struct sockaddr *)&sa, len) < 0)
		die("bind");
	if (listen(fd, 4096) < 0)
		die("listen");
	return fd;
}

static void conn_close(struct conn *c)
{
	close(c->fd);
	free(c);
}

/* Takes received bytes and answers requests. False when the connection is broken. */
static bool conn_take(struct conn *c, const char *data, size_t n)
{
	while (n && c->n_head < TRAFFIC_HEAD_LEN) {
		c->head[c->n_head++] = *data++;
		n--;
		if (c->n_head == TRAFFIC_HEAD_LEN)
			c->left = c->size = strtol(c->head, NULL, 10);
	}
	if (!c->size)
		return true;
	for (c->left -= n; c->left <= 0; c->left += c->size)
		if (send(c->fd, "k", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			return false;
	return true;
}

static bool conn_read(struct conn *c)
{
	char data[65536];
	ssize_t n = recv(c->fd, data, sizeof(data), MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	return n > 0 && conn_take(c, data, n);
}

static void accept_one(int epfd, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	struct epoll_event ev = {.events = EPOLLIN};
	struct conn *c;

	if (fd < 0)
		return;
	c = calloc(1, sizeof(*c));
	if (!c)
		die("memory");
	c->fd = fd;
	ev.data.ptr = c;
	if (epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev) < 0)
		conn_close(c);
}

void serve(int listener)
{
	struct epoll_event ev = {.events = EPOLLIN}, ready[64];
	int epfd = epoll_create1(EPOLL_CLOEXEC);

	if (epfd < 0 || epoll_ctl(epfd, EPOLL_CTL_ADD, listener, &ev) < 0)
		die("epoll");
	for (;;) {
		int n = epoll_wait(epfd, ready, 64, -1);

		for (int i = 0; i < n; i++) {
			struct conn *c = ready[i].data.ptr;

			if (!c)
				accept_one(epfd, listener);
			else if (!conn_read(c))
				conn_close(c);
		}
	}
}

int sink_main(int argc, char **argv)
{
	int fd = listen_on(argc > 2 ? argv[2] : "::", number_at(argc, argv, 1, 0));

	go_background();
	serve(fd);
}

/* Serves each connection in a process of its own, which ends when the peer has all bytes. */
static _Noreturn void pour(int listener, long bytes)
{
	static char data[65536];

	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			continue;
		if (fork()) {
			close(fd);
			continue;
		}
		while (bytes > 0) {
			ssize_t n = send(fd, data, bytes < 65536 ? bytes : 65536, MSG_NOSIGNAL);

			if (n < 0)
				break;
			bytes -= n;
		}
		shutdown(fd, SHUT_WR);
		while (recv(fd, data, sizeof(data), 0) > 0)
			;
		_exit(0);
	}
}

int pour_main(int argc, char **argv)
{
	int listener = listen_on("::", number_at(argc, argv, 1, 0));

	go_background();
	pour(listener, number_at(argc, argv, 2, 0));
}
