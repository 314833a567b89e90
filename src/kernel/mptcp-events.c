// SPDX-License-Identifier: MIT
#include "kernel/mptcp-events.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/mptcp.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kernel/netlink-attribute.h"

/* What stands before the attributes of a message. */
#define HEADERS (sizeof(struct nlmsghdr) + sizeof(struct genlmsghdr))

static uint32_t group_id_in(const uint8_t *at, size_t len)
{
	static const char wanted[] = MPTCP_PM_EV_GRP_NAME;
	bool is_wanted = false;
	struct netlink_attribute a;
	uint32_t id = 0;

	while (netlink_attribute_next(&at, &len, &a)) {
		if (a.type == CTRL_ATTR_MCAST_GRP_NAME)
			is_wanted =
				a.len >= sizeof(wanted) && !memcmp(a.value, wanted, sizeof(wanted));
		else if (a.type == CTRL_ATTR_MCAST_GRP_ID && a.len >= sizeof(id))
			memcpy(&id, a.value, sizeof(id));
	}
	return is_wanted ? id : 0;
}

/* The number of the group of messages, in the answer about the family. 0: it has none. */
static uint32_t group_id_of(const uint8_t *at, size_t len)
{
	struct netlink_attribute groups, group;
	uint32_t id = 0;

	while (!id && netlink_attribute_next(&at, &len, &groups)) {
		const uint8_t *in = groups.value;
		size_t rest = groups.type == CTRL_ATTR_MCAST_GROUPS ? groups.len : 0;

		while (!id && netlink_attribute_next(&in, &rest, &group))
			id = group_id_in(group.value, group.len);
	}
	return id;
}

/* Asks the kernel for the family, and returns the number of its group; below 0: -errno. */
static int64_t ask_for_group(int fd)
{
	struct {
		struct nlmsghdr header;
		struct genlmsghdr family;
		struct nlattr name;
		char text[(sizeof(MPTCP_PM_NAME) + 3) & ~3u];
	} ask = {
		.header = {.nlmsg_len = sizeof(ask),
			   .nlmsg_type = GENL_ID_CTRL,
			   .nlmsg_flags = NLM_F_REQUEST},
		.family = {.cmd = CTRL_CMD_GETFAMILY, .version = 1},
		.name = {.nla_len = sizeof(ask.name) + sizeof(MPTCP_PM_NAME),
			 .nla_type = CTRL_ATTR_FAMILY_NAME},
		.text = MPTCP_PM_NAME,
	};
	uint8_t answer[4096];
	struct nlmsghdr h;
	uint32_t id;
	ssize_t n;

	if (send(fd, &ask, sizeof(ask), 0) < 0)
		return -errno;
	/* The kernel answers within send(). */
	n = recv(fd, answer, sizeof(answer), 0);
	if (n < (ssize_t)HEADERS)
		return n < 0 ? -errno : -EBADMSG;
	memcpy(&h, answer, sizeof(h));
	if (h.nlmsg_type != GENL_ID_CTRL || h.nlmsg_len > (size_t)n || h.nlmsg_len < HEADERS)
		return -ENOENT;
	id = group_id_of(answer + HEADERS, h.nlmsg_len - HEADERS);
	return id ? (int64_t)id : -ENOENT;
}

int mptcp_events_open(int *ret_fd, struct fault *fault)
{
	static const char what[] = "asking the kernel for MPTCP subflows";
	int fd CLEANUP(close_p) =
		socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_GENERIC);
	int64_t group;
	uint32_t id;

	if (fd < 0)
		return fault_errno(fault, -errno, what);
	group = ask_for_group(fd);
	if (group < 0)
		return fault_errno(fault, (int)group, what);
	id = (uint32_t)group;
	if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &id, sizeof(id)) < 0)
		return fault_errno(fault, -errno, what);
	*ret_fd = fd;
	fd = -1;
	return 0;
}

static void event_take_number(struct mptcp_event *e, const struct netlink_attribute *a)
{
	uint16_t n;

	if (a->len < sizeof(n))
		return;
	memcpy(&n, a->value, sizeof(n));
	switch (a->type) {
	case MPTCP_ATTR_FAMILY: e->family = n; break;
	case MPTCP_ATTR_SPORT: e->sport = ntohs(n); break;
	case MPTCP_ATTR_DPORT: e->dport = ntohs(n); break;
	default: break;
	}
}

static void event_take(struct mptcp_event *e, const struct netlink_attribute *a)
{
	switch (a->type) {
	case MPTCP_ATTR_TOKEN:
		if (a->len >= sizeof(e->token))
			memcpy(&e->token, a->value, sizeof(e->token));
		break;
	case MPTCP_ATTR_SADDR4:
	case MPTCP_ATTR_SADDR6:
		if (a->len <= sizeof(e->saddr))
			memcpy(e->saddr, a->value, a->len);
		break;
	case MPTCP_ATTR_DADDR4:
	case MPTCP_ATTR_DADDR6:
		if (a->len <= sizeof(e->daddr))
			memcpy(e->daddr, a->value, a->len);
		break;
	default: event_take_number(e, a); break;
	}
}

/* What a message says of a subflow; NONE: it is about something else. */
static enum tcp_subflow subflow_of(uint8_t command)
{
	switch (command) {
	case MPTCP_EVENT_CREATED: return TCP_SUBFLOW_FIRST;
	case MPTCP_EVENT_SUB_ESTABLISHED: return TCP_SUBFLOW_JOIN;
	case MPTCP_EVENT_SUB_CLOSED: return TCP_SUBFLOW_SOME;
	default: return TCP_SUBFLOW_NONE;
	}
}

static int message_take(const uint8_t *at, size_t len, mptcp_event_fn fn, void *userdata)
{
	struct mptcp_event e = {0};
	struct netlink_attribute a;
	struct genlmsghdr g;

	if (len < sizeof(g))
		return -EBADMSG;
	memcpy(&g, at, sizeof(g));
	e.subflow = subflow_of(g.cmd);
	if (!e.subflow)
		return 0;
	at += sizeof(g);
	len -= sizeof(g);
	while (netlink_attribute_next(&at, &len, &a))
		event_take(&e, &a);
	if (!e.token || !e.sport || !e.dport || (e.family != AF_INET && e.family != AF_INET6))
		return 0;
	return fn(userdata, &e);
}

int mptcp_events_parse(const void *data, size_t len, mptcp_event_fn fn, void *userdata)
{
	const uint8_t *at = data;

	while (len >= sizeof(struct nlmsghdr)) {
		struct nlmsghdr h;
		size_t whole;
		int r = 0;

		memcpy(&h, at, sizeof(h));
		if (h.nlmsg_len < sizeof(h) || h.nlmsg_len > len)
			return -EBADMSG;
		if (h.nlmsg_type >= NLMSG_MIN_TYPE)
			r = message_take(at + sizeof(h), h.nlmsg_len - sizeof(h), fn, userdata);
		if (r < 0)
			return r;
		whole = NLMSG_ALIGN(h.nlmsg_len);
		if (whole >= len)
			break;
		at += whole;
		len -= whole;
	}
	return 0;
}
