// SPDX-License-Identifier: MIT
/* mptcp-events: messages that are made by hand, cut at every byte, and with each byte changed. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/mptcp.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/mptcp-events.h"

struct seen {
	unsigned int n;
	struct mptcp_event last;
};

static int see(void *userdata, const struct mptcp_event *e)
{
	struct seen *s = userdata;

	s->n++;
	s->last = *e;
	return 0;
}

static size_t put(uint8_t *at, size_t len, uint16_t type, const void *value, uint16_t n)
{
	struct nlattr a = {.nla_type = type, .nla_len = (uint16_t)(sizeof(a) + n)};

	memcpy(at + len, &a, sizeof(a));
	memcpy(at + len + sizeof(a), value, n);
	return len + NLA_ALIGN(a.nla_len);
}

static size_t put_message(uint8_t *at, uint8_t command)
{
	const uint32_t token = 0x97a2fccb;
	const uint16_t family = AF_INET, sport = htons(4000), dport = htons(80);
	const uint8_t saddr[] = {10, 0, 0, 1}, daddr[] = {10, 0, 0, 2};
	struct genlmsghdr g = {.cmd = command};
	struct nlmsghdr h = {.nlmsg_type = 0x20};
	size_t len = sizeof(h);

	memcpy(at + len, &g, sizeof(g));
	len = put(at, len + sizeof(g), MPTCP_ATTR_TOKEN, &token, 4);
	len = put(at, len, MPTCP_ATTR_FAMILY, &family, 2);
	len = put(at, len, MPTCP_ATTR_SADDR4, saddr, 4);
	len = put(at, len, MPTCP_ATTR_DADDR4, daddr, 4);
	len = put(at, len, MPTCP_ATTR_SPORT, &sport, 2);
	len = put(at, len, MPTCP_ATTR_DPORT, &dport, 2);
	h.nlmsg_len = (uint32_t)len;
	memcpy(at, &h, sizeof(h));
	return len;
}

static void test_mptcp_events_of_subflows(void **state)
{
	static const struct {
		uint8_t command;
		enum tcp_subflow subflow;
	} cases[] = {
		{MPTCP_EVENT_CREATED, TCP_SUBFLOW_FIRST},
		{MPTCP_EVENT_SUB_ESTABLISHED, TCP_SUBFLOW_JOIN},
		{MPTCP_EVENT_SUB_CLOSED, TCP_SUBFLOW_SOME},
		{MPTCP_EVENT_ANNOUNCED, TCP_SUBFLOW_NONE},
	};

	for (size_t i = 0; i < 4; i++) {
		_Alignas(8) uint8_t bytes[256] = {0};
		size_t len = put_message(bytes, cases[i].command);
		struct seen s = {0};

		assert_int_equal(mptcp_events_parse(bytes, len, see, &s), 0);
		assert_int_equal(s.n, cases[i].subflow != TCP_SUBFLOW_NONE);
		if (!s.n)
			continue;
		assert_int_equal(s.last.subflow, cases[i].subflow);
		assert_int_equal(s.last.token, 0x97a2fccb);
		assert_int_equal(s.last.family, AF_INET);
		assert_int_equal(s.last.sport, 4000);
		assert_int_equal(s.last.dport, 80);
		assert_int_equal(s.last.saddr[3], 1);
		assert_int_equal(s.last.daddr[3], 2);
	}
}

static void test_mptcp_events_damaged(void **state)
{
	_Alignas(8) uint8_t bytes[256] = {0};
	size_t len = put_message(bytes, MPTCP_EVENT_CREATED);
	struct seen s = {0};

	for (size_t i = 0; i < len; i++)
		(void)!mptcp_events_parse(bytes, i, see, &s);
	for (size_t i = 0; i < len * 8; i++) {
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		(void)!mptcp_events_parse(bytes, len, see, &s);
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	bytes[0] = 8; /* shorter than a header */
	assert_int_equal(mptcp_events_parse(bytes, len, see, &s), -EBADMSG);
}

/* The kernel may have no MPTCP, or not let us listen. */
static void test_mptcp_events_open(void **state)
{
	int fd = -1;
	int r = mptcp_events_open(&fd, NULL);

	if (r == 0)
		close(fd);
	assert_true(r <= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mptcp_events_of_subflows),
		cmocka_unit_test(test_mptcp_events_damaged),
		cmocka_unit_test(test_mptcp_events_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
