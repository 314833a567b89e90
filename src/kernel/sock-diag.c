// SPDX-License-Identifier: MIT
#include "kernel/sock-diag.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kernel/sock-diag-ask.h"
#include "tcp/names.h"

uint32_t sock_diag_info_len(void)
{
	int fd CLEANUP(close_p) = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	uint8_t info[1024];
	socklen_t len = sizeof(info);

	if (fd < 0 || getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &len) < 0)
		return 0;
	return len;
}

static int open_netlink(int *ret_fd, struct fault *fault)
{
	*ret_fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);
	return *ret_fd < 0 ? fault_errno(fault, -errno, "asking the kernel for sockets") : 0;
}

int sock_diag_open(int *ret_fd, struct fault *fault)
{
	return open_netlink(ret_fd, fault);
}

bool sock_diag_stat_is_empty(const char *text)
{
	/* "TCP: inuse 5 orphan 0 tw 3 ...", "TCP6: inuse 1". */
	const char *line = strstr(text, "TCP: inuse "), *waiting;

	if (!line)
		line = strstr(text, "TCP6: inuse ");
	if (!line || strtoul(strstr(line, "inuse ") + strlen("inuse "), NULL, 10))
		return false;
	waiting = strstr(line, " tw ");
	return !waiting || strtoul(waiting + strlen(" tw "), NULL, 10) == 0;
}

uint32_t sock_diag_stat_time_waits(const char *text)
{
	const char *line = strstr(text, "TCP: inuse ");
	const char *waiting = line ? strstr(line, " tw ") : NULL;

	return waiting ? (uint32_t)strtoul(waiting + strlen(" tw "), NULL, 10) : 0;
}

uint32_t sock_diag_time_waits(const char *dir)
{
	struct buffer text CLEANUP(buffer_done) = {0};
	char path[64];

	snprintf(path, sizeof(path), "%s/sockstat", dir);
	return io_read_file(path, 65536, &text) < 0
		       ? 0
		       : sock_diag_stat_time_waits((const char *)text.data);
}

/* A file that cannot be read says nothing. */
static bool stat_is_empty(const char *path)
{
	struct buffer text CLEANUP(buffer_done) = {0};

	return io_read_file(path, 65536, &text) == 0 &&
	       sock_diag_stat_is_empty((const char *)text.data);
}

int sock_diag_open_used(int *ret_fd, struct fault *fault)
{
	/* A kernel without IPv6 has no second file. */
	if (stat_is_empty("/proc/thread-self/net/sockstat") &&
	    (stat_is_empty("/proc/thread-self/net/sockstat6") ||
	     access("/proc/thread-self/net/sockstat6", F_OK) < 0))
		return fault_set(fault, -ENODATA, "no TCP sockets");
	return open_netlink(ret_fd, fault);
}

/* The states to ask for: all but NEW_SYN_RECV, whose sockets no process owns. Bits beyond it would
 * ask for sockets that are bound only (TCP_BOUND_INACTIVE, Linux 6.8), for which the kernel walks
 * through one more table. */
#define STATES ((1u << TCP_STATE_NEW_SYN_RECV) - 2u)

/* What to ask for of each socket. The kernel tells the control group and the shutdown unasked. */
#define ATTRIBUTE(x) (1u << ((x)-1))
#define ATTRIBUTES                                                                                 \
	(ATTRIBUTE(INET_DIAG_INFO) | ATTRIBUTE(INET_DIAG_CONG) | ATTRIBUTE(INET_DIAG_SKMEMINFO) |  \
	 ATTRIBUTE(INET_DIAG_TOS) | ATTRIBUTE(INET_DIAG_TCLASS))

static int ask_one_family(int fd, uint8_t family, uint32_t states)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 request;
	} ask = {
		.header = {.nlmsg_len = sizeof(ask),
			   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.request = {.sdiag_family = family,
			    .sdiag_protocol = IPPROTO_TCP,
			    .idiag_ext = ATTRIBUTES,
			    .idiag_states = states},
	};

	return send(fd, &ask, sizeof(ask), 0) == sizeof(ask);
}

int sock_diag_ask(int fd, uint8_t family, bool with_time_waits, struct fault *fault)
{
	uint32_t states = with_time_waits ? STATES : STATES & ~(1u << TCP_STATE_TIME_WAIT);

	if (family == AF_UNSPEC ? !sock_diag_ask_both(fd, states, ATTRIBUTES)
				: ask_one_family(fd, family, states))
		return 0;
	return fault_errno(fault, errno ? -errno : -EIO, "asking the kernel for sockets");
}

int sock_diag_hear(int fd, bool is_on, struct fault *fault)
{
	const int groups[] = {SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET6_TCP_DESTROY};
	int option = is_on ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP;

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		if (setsockopt(fd, SOL_NETLINK, option, &groups[i], sizeof(groups[i])) < 0)
			return fault_errno(fault, -errno, "subscribing to closing sockets");
	}
	return 0;
}

int sock_diag_open_deaf(int *ret_fd, struct fault *fault)
{
	struct sockaddr_nl address = {.nl_family = AF_NETLINK};
	int fd CLEANUP(close_p) = -1;
	int bytes = SOCK_DIAG_RECEIVE_BYTES;
	int r = open_netlink(&fd, fault);

	if (r < 0)
		return r;
	/* SO_RCVBUFFORCE needs CAP_NET_ADMIN; SO_RCVBUF gives as much as net.core.rmem_max
	 * allows. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return fault_errno(fault, -errno, "subscribing to closing sockets");
	*ret_fd = fd;
	fd = -1;
	return 0;
}

int sock_diag_subscribe(int *ret_fd, struct fault *fault)
{
	int fd CLEANUP(close_p) = -1;
	int r = sock_diag_open_deaf(&fd, fault);

	if (!r)
		r = sock_diag_hear(fd, true, fault);
	if (r < 0)
		return r;
	*ret_fd = fd;
	fd = -1;
	return 0;
}
