// SPDX-License-Identifier: MIT
/* sock-diag: answers of the kernel that are made by hand, cut at every byte, and with each byte
 * changed. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/mptcp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>

#include "kernel/sock-diag.h"
#include "tcp/subflow.h"

struct seen {
	unsigned int n;
	struct socket_row last;
	struct socket_detail detail;
	uint32_t info_len;
	uint8_t first_info;
};

static int see(void *userdata, const struct sock_diag_socket *socket)
{
	struct seen *s = userdata;

	s->n++;
	s->last = socket->row;
	s->detail = socket->detail;
	s->info_len = socket->info_len;
	if (socket->info_len)
		s->first_info = *(const uint8_t *)socket->info;
	return 0;
}

static size_t put_socket(uint8_t *at, uint8_t state, uint8_t protocol, uint32_t info_len)
{
	struct inet_diag_msg m = {.idiag_family = AF_INET, .idiag_state = state};
	struct nlmsghdr h = {.nlmsg_type = SOCK_DIAG_BY_FAMILY};
	struct rtattr a = {.rta_type = INET_DIAG_INFO, .rta_len = (uint16_t)(4 + info_len)};
	struct rtattr p = {.rta_type = INET_DIAG_PROTOCOL, .rta_len = 5};
	size_t len = sizeof(h);

	m.id.idiag_sport = htons(80);
	m.id.idiag_dport = htons(40000);
	m.id.idiag_cookie[0] = 7;
	m.id.idiag_cookie[1] = 1;
	m.idiag_inode = 99;
	memcpy(at + len, &m, sizeof(m));
	len += sizeof(m);
	memcpy(at + len, &p, sizeof(p));
	at[len + 4] = protocol;
	len += 8;
	memcpy(at + len, &a, sizeof(a));
	memset(at + len + 4, 0x5a, info_len);
	len += RTA_ALIGN(4 + info_len);
	h.nlmsg_len = (uint32_t)len;
	memcpy(at, &h, sizeof(h));
	return len;
}

static size_t put_end(uint8_t *at, uint16_t flags)
{
	struct nlmsghdr h = {.nlmsg_len = 20, .nlmsg_type = NLMSG_DONE, .nlmsg_flags = flags};

	memcpy(at, &h, sizeof(h));
	memset(at + sizeof(h), 0, 4);
	return 20;
}

static void test_sock_diag_takes_sockets(void **state)
{
	_Alignas(8) uint8_t bytes[2048] = {0};
	size_t len = put_socket(bytes, 1, IPPROTO_TCP, 280);
	enum sock_diag_end end;
	struct seen s = {0};

	len += put_socket(bytes + len, 1, IPPROTO_UDP, 16); /* not ours */
	assert_int_equal(sock_diag_parse(bytes, len, see, &s, &end), 0);
	assert_int_equal(end, SOCK_DIAG_MORE);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.last.sport, 80);
	assert_int_equal(s.last.dport, 40000);
	assert_true(s.last.sock_cookie == 0x100000007);
	assert_int_equal(s.last.inode, 99);
	assert_int_equal(s.info_len, 280);
	assert_int_equal(s.first_info, 0x5a);
	len += put_end(bytes + len, 0);
	assert_int_equal(sock_diag_parse(bytes, len, see, &s, &end), 0);
	assert_int_equal(end, SOCK_DIAG_DONE);
	len -= 20;
	len += put_end(bytes + len, NLM_F_DUMP_INTR);
	assert_int_equal(sock_diag_parse(bytes, len, see, &s, &end), 0);
	assert_int_equal(end, SOCK_DIAG_INTERRUPTED);
}

static size_t put_attribute(uint8_t *at, size_t len, uint16_t type, const void *value, size_t n)
{
	struct rtattr a = {.rta_type = type, .rta_len = (uint16_t)(sizeof(a) + n)};
	struct nlmsghdr h;

	memcpy(at + len, &a, sizeof(a));
	memcpy(at + len + sizeof(a), value, n);
	memcpy(&h, at, sizeof(h));
	h.nlmsg_len = (uint32_t)(len + RTA_ALIGN(a.rta_len));
	memcpy(at, &h, sizeof(h));
	return h.nlmsg_len;
}

/* What a dump tells beside tcp_info, and what is unknown where it does not. */
static void test_sock_diag_takes_details(void **state)
{
	const uint32_t memory[SK_MEMINFO_VARS] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	const uint8_t shutdown = 3, tos = 0x10, tclass = 0x20;
	_Alignas(8) uint8_t bytes[2048] = {0};
	const uint64_t cgroup = 0x123456789a;
	size_t len = put_socket(bytes, 1, IPPROTO_TCP, 280);
	enum sock_diag_end end;
	struct seen s = {0};

	assert_int_equal(sock_diag_parse(bytes, len, see, &s, &end), 0);
	assert_int_equal(s.detail.known, 0);
	assert_int_equal(s.detail.sockets, 1);
	assert_string_equal(s.detail.congestion, "");
	len = put_attribute(bytes, len, INET_DIAG_SHUTDOWN, &shutdown, 1);
	len = put_attribute(bytes, len, INET_DIAG_TOS, &tos, 1);
	len = put_attribute(bytes, len, INET_DIAG_TCLASS, &tclass, 1);
	len = put_attribute(bytes, len, INET_DIAG_CGROUP_ID, &cgroup, sizeof(cgroup));
	len = put_attribute(bytes, len, INET_DIAG_SKMEMINFO, memory, sizeof(memory));
	len = put_attribute(bytes, len, INET_DIAG_CONG, "cubic", 6);
	assert_int_equal(sock_diag_parse(bytes, len, see, &s, &end), 0);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.detail.known, SOCKET_KNOWS_MEMORY | SOCKET_KNOWS_SHUTDOWN |
						 SOCKET_KNOWS_TOS | SOCKET_KNOWS_TCLASS);
	assert_int_equal(s.detail.shutdown, 3);
	assert_int_equal(s.detail.tos, 0x10);
	assert_int_equal(s.detail.tclass, 0x20);
	assert_true(s.detail.cgroup_id == cgroup);
	assert_int_equal(s.detail.rmem_alloc, 1);
	assert_int_equal(s.detail.rcvbuf, 2);
	assert_int_equal(s.detail.sndbuf, 4);
	assert_int_equal(s.detail.drops, 9);
	assert_string_equal(s.detail.congestion, "cubic");
}

/* A nest of attributes; returns its length. */
static size_t nest(uint8_t *at, const uint32_t *pairs, size_t n_pairs)
{
	for (size_t i = 0; i < n_pairs; i++) {
		struct rtattr a = {.rta_type = (uint16_t)pairs[2 * i], .rta_len = 8};

		memcpy(at + 8 * i, &a, sizeof(a));
		memcpy(at + 8 * i + 4, &pairs[2 * i + 1], 4);
	}
	return 8 * n_pairs;
}

/* Without CAP_NET_ADMIN the kernel tells only that a socket is a subflow. */
static void test_sock_diag_takes_subflows(void **state)
{
	static const struct {
		uint32_t pairs[6];
		size_t n;
		uint32_t token;
		enum tcp_subflow subflow;
	} cases[] = {
		{{0}, 0, 0, TCP_SUBFLOW_SOME},
		{{MPTCP_SUBFLOW_ATTR_TOKEN_REM, 1, MPTCP_SUBFLOW_ATTR_TOKEN_LOC, 2,
		  MPTCP_SUBFLOW_ATTR_FLAGS, MPTCP_SUBFLOW_FLAG_MCAP_LOC},
		 3,
		 2,
		 TCP_SUBFLOW_FIRST},
		{{MPTCP_SUBFLOW_ATTR_TOKEN_LOC, 3, MPTCP_SUBFLOW_ATTR_FLAGS,
		  MPTCP_SUBFLOW_FLAG_JOIN_LOC},
		 2,
		 3,
		 TCP_SUBFLOW_JOIN},
	};

	for (size_t i = 0; i < 3; i++) {
		_Alignas(8) uint8_t bytes[2048] = {0};
		uint8_t ulp[128] = {10, 0, INET_ULP_INFO_NAME, 0, 'm', 'p', 't', 'c', 'p'};
		size_t len = put_socket(bytes, 1, IPPROTO_TCP, 280);
		size_t n = nest(ulp + 16, cases[i].pairs, cases[i].n);
		struct rtattr a = {.rta_type = INET_ULP_INFO_MPTCP, .rta_len = (uint16_t)(4 + n)};
		enum sock_diag_end end;
		struct seen s = {0};

		memcpy(ulp + 12, &a, sizeof(a));
		len = put_attribute(bytes, len, INET_DIAG_ULP_INFO, ulp, 12 + (n ? 4 + n : 0));
		assert_int_equal(sock_diag_parse(bytes, len, see, &s, &end), 0);
		assert_int_equal(s.detail.mptcp_token, cases[i].token);
		assert_int_equal(s.detail.mptcp_subflow, cases[i].subflow);
	}
}

/* A name that fills its field and more, and numbers that are cut. */
static void test_sock_diag_cut_details(void **state)
{
	static const char name[] = "a_name_of_twenty_char";
	_Alignas(8) uint8_t bytes[2048] = {0};
	size_t len = put_socket(bytes, 1, IPPROTO_TCP, 280);
	const uint32_t memory[SK_MEMINFO_VARS] = {1};
	enum sock_diag_end end;
	struct seen s = {0};

	len = put_attribute(bytes, len, INET_DIAG_CONG, name, sizeof(name));
	len = put_attribute(bytes, len, INET_DIAG_SKMEMINFO, memory, sizeof(memory) - 4);
	len = put_attribute(bytes, len, INET_DIAG_TOS, "", 0);
	assert_int_equal(sock_diag_parse(bytes, len, see, &s, &end), 0);
	assert_string_equal(s.detail.congestion, "a_name_of_twent");
	assert_int_equal(s.detail.known, 0);
}

/* A module may answer for sockets of other families, whose addresses mean something else. */
static void test_sock_diag_leaves_out_other_families(void **state)
{
	_Alignas(8) uint8_t bytes[2048] = {0};
	size_t len = put_socket(bytes, 1, IPPROTO_TCP, 280);
	enum sock_diag_end end;
	struct seen s = {0};

	bytes[sizeof(struct nlmsghdr) + offsetof(struct inet_diag_msg, idiag_family)] = AF_UNIX;
	assert_int_equal(sock_diag_parse(bytes, len, see, &s, &end), 0);
	assert_int_equal(s.n, 0);
	bytes[sizeof(struct nlmsghdr) + offsetof(struct inet_diag_msg, idiag_family)] = AF_INET6;
	assert_int_equal(sock_diag_parse(bytes, len, see, &s, &end), 0);
	assert_int_equal(s.n, 1);
}

static void test_sock_diag_refusal(void **state)
{
	struct {
		struct nlmsghdr h;
		int32_t code;
	} m = {{.nlmsg_len = sizeof(m), .nlmsg_type = NLMSG_ERROR}, -ENOENT};
	enum sock_diag_end end;
	struct seen s = {0};

	assert_int_equal(sock_diag_parse(&m, sizeof(m), see, &s, &end), -ENOENT);
}

/* No damaged message makes the parser read outside of it; the sanitizers would notice. */
static void test_sock_diag_broken_messages(void **state)
{
	uint8_t whole[1024] = {0};
	size_t len = put_socket(whole, 1, IPPROTO_TCP, 192);

	len += put_end(whole + len, 0);
	for (size_t cut = 0; cut <= len; cut++) {
		uint8_t *copy = malloc(cut + !cut);
		enum sock_diag_end end;
		struct seen s = {0};

		memcpy(copy, whole, cut);
		(void)!sock_diag_parse(copy, cut, see, &s, &end);
		for (size_t i = 0; cut == len && i < len * 8; i++) {
			copy[i / 8] ^= (uint8_t)(1u << i % 8);
			(void)!sock_diag_parse(copy, cut, see, &s, &end);
			copy[i / 8] ^= (uint8_t)(1u << i % 8);
		}
		free(copy);
	}
}

static void test_sock_diag_knows_the_kernels_length(void **state)
{
	assert_true(sock_diag_info_len() >= 192);
}

/* The counts of one namespace, before its table is asked for. */
static void test_sockstat(void **state)
{
	static const char used[] = "sockets: used 152\nTCP: inuse 5 orphan 0 tw 0 alloc 40 mem 1\n";
	static const char unused[] =
		"sockets: used 15\nTCP: inuse 0 orphan 0 tw 0 alloc 40 mem 1\n";
	static const char waiting[] =
		"sockets: used 15\nTCP: inuse 0 orphan 0 tw 7 alloc 40 mem 1\n";

	assert_false(sock_diag_stat_is_empty(used));
	assert_true(sock_diag_stat_is_empty(unused));
	assert_false(sock_diag_stat_is_empty(waiting));
	assert_false(sock_diag_stat_is_empty("TCP6: inuse 12\nUDP6: inuse 0\n"));
	assert_true(sock_diag_stat_is_empty("TCP6: inuse 0\nUDP6: inuse 7\n"));
	assert_int_equal(sock_diag_stat_time_waits(used), 0);
	assert_int_equal(sock_diag_stat_time_waits(waiting), 7);
	assert_int_equal(sock_diag_stat_time_waits("UDP: inuse 3 tw 9\n"), 0);
	/* What it does not say is not known. */
	assert_false(sock_diag_stat_is_empty("UDP: inuse 0\n"));
	assert_false(sock_diag_stat_is_empty(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sockstat),
		cmocka_unit_test(test_sock_diag_takes_sockets),
		cmocka_unit_test(test_sock_diag_takes_details),
		cmocka_unit_test(test_sock_diag_cut_details),
		cmocka_unit_test(test_sock_diag_takes_subflows),
		cmocka_unit_test(test_sock_diag_leaves_out_other_families),
		cmocka_unit_test(test_sock_diag_refusal),
		cmocka_unit_test(test_sock_diag_broken_messages),
		cmocka_unit_test(test_sock_diag_knows_the_kernels_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
