// SPDX-License-Identifier: MIT
#include "kernel/links.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DATAGRAM_BYTES 32768u

static const char *attribute_str(const struct rtattr *a)
{
	const char *s = RTA_DATA(a);

	return memchr(s, 0, RTA_PAYLOAD(a)) ? s : NULL;
}

static void attribute_take(const struct rtattr *a, struct net_link *link)
{
	if (a->rta_type == IFLA_IFNAME)
		link->name = attribute_str(a);
	else if (a->rta_type == IFLA_QDISC)
		link->qdisc = attribute_str(a);
	else if (a->rta_type == IFLA_MTU && RTA_PAYLOAD(a) >= sizeof(link->mtu))
		memcpy(&link->mtu, RTA_DATA(a), sizeof(link->mtu));
}

static int link_parse(const struct nlmsghdr *h, link_take_fn take, void *userdata)
{
	const struct ifinfomsg *info = NLMSG_DATA(h);
	struct net_link link = {0};
	const struct rtattr *a;
	size_t left;

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(*info)))
		return -EBADMSG;
	left = h->nlmsg_len - NLMSG_LENGTH(sizeof(*info));
	a = (const struct rtattr *)((const char *)info + NLMSG_ALIGN(sizeof(*info)));
	for (; RTA_OK(a, left); a = RTA_NEXT(a, left))
		attribute_take(a, &link);
	return take(userdata, &link);
}

int links_parse(const void *data, size_t n, link_take_fn take, void *userdata)
{
	const struct nlmsghdr *h = data;

	for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
		int r = 0;

		if (h->nlmsg_type == NLMSG_DONE)
			return 0;
		if (h->nlmsg_type == NLMSG_ERROR)
			return -EBADMSG;
		if (h->nlmsg_type == RTM_NEWLINK)
			r = link_parse(h, take, userdata);
		if (r)
			return r;
	}
	return 1;
}

int links_walk(link_take_fn take, void *userdata)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg info;
	} request = {
		.header = {.nlmsg_len = sizeof(request),
			   .nlmsg_type = RTM_GETLINK,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.info.ifi_family = AF_UNSPEC,
	};
	int fd CLEANUP(close_p) = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	void *datagram CLEANUP(free_p) = malloc(DATAGRAM_BYTES);
	int r = 1;

	if (!datagram)
		return -ENOMEM;
	if (fd < 0 || send(fd, &request, sizeof(request), 0) < 0)
		return -errno;
	/* The kernel answers a dump at once; nothing here waits for anybody. */
	while (r == 1) {
		ssize_t n = recv(fd, datagram, DATAGRAM_BYTES, MSG_DONTWAIT);

		if (n <= 0)
			return n < 0 ? -errno : -EBADMSG;
		r = links_parse(datagram, (size_t)n, take, userdata);
	}
	return r;
}
