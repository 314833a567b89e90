// SPDX-License-Identifier: MIT
#include "kernel/sock-diag-ask.h"

#include <assert.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "tcp/names.h"

struct ask {
	struct nlmsghdr header;
	struct inet_diag_req_v2 request;
};

static int ask_send(int fd, const void *asks, size_t size)
{
	ssize_t n = send(fd, asks, size, MSG_DONTWAIT);

	return n == (ssize_t)size ? 0 : n < 0 ? -errno : -EIO;
}

int sock_diag_ask_both(int fd, uint32_t states, uint8_t attributes)
{
	const struct {
		struct nlmsghdr header;
		struct inet_diag_req request;
	} ask = {
		.header = {.nlmsg_len = sizeof(ask),
			   .nlmsg_type = TCPDIAG_GETSOCK,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.request = {.idiag_family = AF_INET,
			    .idiag_ext = attributes,
			    .idiag_states = states},
	};

	return ask_send(fd, &ask, sizeof(ask));
}

int sock_diag_ask_listeners(int fd)
{
	return sock_diag_ask_both(fd, 1u << TCP_STATE_LISTEN, 0);
}

int sock_diag_ask_senders(int fd)
{
	return sock_diag_ask_both(fd,
				  1u << TCP_STATE_ESTABLISHED | 1u << TCP_STATE_FIN_WAIT1 |
					  1u << TCP_STATE_CLOSE_WAIT | 1u << TCP_STATE_LAST_ACK |
					  1u << TCP_STATE_CLOSING,
				  0);
}

static bool is_mapped(const uint8_t *address)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	return !memcmp(address, mapped, sizeof(mapped));
}

/* The kernel finds a mapped connection of an IPv6 socket as one of IPv4, too
 * (inet_diag_find_one_icsk of net/ipv4/inet_diag.c). */
static void request_put_ends(struct inet_diag_req_v2 *r, const struct sock_diag_ends *ends)
{
	r->sdiag_family = AF_INET6;
	r->id.idiag_sport = htons(ends->sport);
	r->id.idiag_dport = htons(ends->dport);
	if (is_mapped(ends->source) && is_mapped(ends->destination)) {
		r->sdiag_family = AF_INET;
		memcpy(r->id.idiag_src, ends->source + 12, 4);
		memcpy(r->id.idiag_dst, ends->destination + 12, 4);
		return;
	}
	memcpy(r->id.idiag_src, ends->source, sizeof(ends->source));
	memcpy(r->id.idiag_dst, ends->destination, sizeof(ends->destination));
}

#define ATTRIBUTE(x) (1u << ((x)-1))

int sock_diag_query(int fd, const struct sock_diag_query *queries, size_t n)
{
	struct ask asks[SOCK_DIAG_QUERIES_MAX];

	assert(n && n <= SOCK_DIAG_QUERIES_MAX);
	memset(asks, 0, n * sizeof(asks[0]));
	for (size_t i = 0; i < n; i++) {
		uint64_t cookie = queries[i].cookie ? queries[i].cookie : UINT64_MAX;
		struct inet_diag_req_v2 *r = &asks[i].request;

		asks[i].header = (struct nlmsghdr){.nlmsg_len = sizeof(asks[i]),
						   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
						   .nlmsg_flags = NLM_F_REQUEST,
						   .nlmsg_seq = queries[i].sequence};
		request_put_ends(r, queries[i].ends);
		r->sdiag_protocol = IPPROTO_TCP;
		r->idiag_ext = ATTRIBUTE(INET_DIAG_INFO) | ATTRIBUTE(INET_DIAG_CONG) |
			       ATTRIBUTE(INET_DIAG_SKMEMINFO);
		r->idiag_states = UINT32_MAX;
		/* INET_DIAG_NOCOOKIE is all ones. */
		r->id.idiag_cookie[0] = (uint32_t)cookie;
		r->id.idiag_cookie[1] = (uint32_t)(cookie >> 32);
	}
	return ask_send(fd, asks, n * sizeof(asks[0]));
}

uint32_t sock_diag_sequence(const void *data, size_t len)
{
	struct nlmsghdr h;

	if (len < sizeof(h))
		return 0;
	memcpy(&h, data, sizeof(h));
	return h.nlmsg_seq;
}
