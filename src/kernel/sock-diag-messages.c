// SPDX-License-Identifier: MIT
/*
 * The messages of NETLINK_SOCK_DIAG: a struct inet_diag_msg and attributes for each socket.
 */
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/mptcp.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "kernel/netlink-attribute.h"
#include "kernel/sock-diag.h"
#include "tcp/subflow.h"

_Static_assert(sizeof(struct nlmsghdr) + sizeof(struct inet_diag_msg) == SOCK_DIAG_SOCKET_BYTES_MIN,
	       "the least size of a message");

static void row_fill(const struct inet_diag_msg *m, struct socket_row *row)
{
	*row = (struct socket_row){
		.state = m->idiag_state,
		.family = m->idiag_family,
		.sport = ntohs(m->id.idiag_sport),
		.dport = ntohs(m->id.idiag_dport),
		.inode = m->idiag_inode,
		.uid = m->idiag_uid,
		.rqueue = m->idiag_rqueue,
		.wqueue = m->idiag_wqueue,
		.timer = m->idiag_timer,
		.retrans = m->idiag_retrans,
		.timer_ms = m->idiag_expires,
		.sock_cookie = m->id.idiag_cookie[0] | (uint64_t)m->id.idiag_cookie[1] << 32,
	};
	if (m->idiag_family == AF_INET) {
		memcpy(row->saddr, m->id.idiag_src, sizeof(row->saddr));
		memcpy(row->daddr, m->id.idiag_dst, sizeof(row->daddr));
	} else {
		memcpy(row->saddr_v6, m->id.idiag_src, sizeof(row->saddr_v6));
		memcpy(row->daddr_v6, m->id.idiag_dst, sizeof(row->daddr_v6));
	}
}

static void memory_take(struct socket_detail *d, const uint8_t *at, size_t len)
{
	uint32_t m[SK_MEMINFO_VARS];

	if (len < SK_MEMINFO_VARS * sizeof(m[0]))
		return;
	memcpy(m, at, sizeof(m));
	d->rmem_alloc = m[SK_MEMINFO_RMEM_ALLOC];
	d->rcvbuf = m[SK_MEMINFO_RCVBUF];
	d->wmem_alloc = m[SK_MEMINFO_WMEM_ALLOC];
	d->sndbuf = m[SK_MEMINFO_SNDBUF];
	d->fwd_alloc = m[SK_MEMINFO_FWD_ALLOC];
	d->wmem_queued = m[SK_MEMINFO_WMEM_QUEUED];
	d->optmem = m[SK_MEMINFO_OPTMEM];
	d->backlog_bytes = m[SK_MEMINFO_BACKLOG];
	d->drops = m[SK_MEMINFO_DROPS];
	d->known |= SOCKET_KNOWS_MEMORY;
}

static void congestion_take(struct socket_detail *d, const uint8_t *at, size_t len)
{
	size_t room = sizeof(d->congestion) - 1;

	memcpy(d->congestion, at, strnlen((const char *)at, len < room ? len : room));
}

static void byte_take(struct socket_detail *d, uint8_t *to, uint8_t known, const uint8_t *at,
		      size_t len)
{
	if (!len)
		return;
	*to = *at;
	d->known |= known;
}

/* Takes the attributes of a subflow (subflow_get_info of net/mptcp/diag.c). */
static void subflow_take(struct socket_detail *d, const uint8_t *at, size_t len)
{
	const uint32_t join = MPTCP_SUBFLOW_FLAG_JOIN_REM | MPTCP_SUBFLOW_FLAG_JOIN_LOC;
	const uint32_t capable = MPTCP_SUBFLOW_FLAG_MCAP_REM | MPTCP_SUBFLOW_FLAG_MCAP_LOC;
	uint32_t flags = 0;
	struct netlink_attribute a;

	while (netlink_attribute_next(&at, &len, &a)) {
		if (a.len < sizeof(uint32_t))
			continue;
		if (a.type == MPTCP_SUBFLOW_ATTR_TOKEN_LOC)
			memcpy(&d->mptcp_token, a.value, sizeof(d->mptcp_token));
		else if (a.type == MPTCP_SUBFLOW_ATTR_FLAGS)
			memcpy(&flags, a.value, sizeof(flags));
	}
	if (flags & join)
		d->mptcp_subflow = TCP_SUBFLOW_JOIN;
	else if (flags & capable)
		d->mptcp_subflow = TCP_SUBFLOW_FIRST;
}

/* A socket may have a protocol above TCP (an "upper layer protocol"): "tls", "mptcp". Without
 * CAP_NET_ADMIN the kernel tells only its name. */
static void upper_layer_take(struct socket_detail *d, const uint8_t *at, size_t len)
{
	static const char mptcp[] = "mptcp";
	struct netlink_attribute a;

	while (netlink_attribute_next(&at, &len, &a)) {
		if (a.type == INET_ULP_INFO_NAME && a.len >= sizeof(mptcp) &&
		    !memcmp(a.value, mptcp, sizeof(mptcp)))
			d->mptcp_subflow = TCP_SUBFLOW_SOME;
		else if (a.type == INET_ULP_INFO_MPTCP)
			subflow_take(d, a.value, a.len);
	}
}

/* Takes one attribute of a message. False: it says that the socket is of another protocol. */
static bool attribute_take(struct sock_diag_socket *s, uint16_t type, const uint8_t *at, size_t len)
{
	struct socket_detail *d = &s->detail;

	switch (type) {
	case INET_DIAG_INFO:
		s->info = at;
		s->info_len = (uint32_t)len;
		break;
	case INET_DIAG_CONG: congestion_take(d, at, len); break;
	case INET_DIAG_SKMEMINFO: memory_take(d, at, len); break;
	case INET_DIAG_SHUTDOWN: byte_take(d, &d->shutdown, SOCKET_KNOWS_SHUTDOWN, at, len); break;
	case INET_DIAG_TOS: byte_take(d, &d->tos, SOCKET_KNOWS_TOS, at, len); break;
	case INET_DIAG_TCLASS: byte_take(d, &d->tclass, SOCKET_KNOWS_TCLASS, at, len); break;
	case INET_DIAG_CGROUP_ID:
		if (len >= sizeof(d->cgroup_id))
			memcpy(&d->cgroup_id, at, sizeof(d->cgroup_id));
		break;
	case INET_DIAG_ULP_INFO: upper_layer_take(d, at, len); break;
	case INET_DIAG_PROTOCOL: return !len || *at == IPPROTO_TCP;
	default: break;
	}
	return true;
}

/* False: the message is about another protocol, or is damaged. */
static bool attributes_read(const uint8_t *at, size_t len, struct sock_diag_socket *s)
{
	struct netlink_attribute a;

	while (netlink_attribute_next(&at, &len, &a)) {
		if (!attribute_take(s, a.type, a.value, a.len))
			return false;
	}
	/* What is left is shorter than an attribute, or is none. */
	return len < NETLINK_ATTRIBUTE_HEAD;
}

static int message_take_socket(const uint8_t *body, size_t len, sock_diag_fn fn, void *userdata)
{
	struct sock_diag_socket s = {.detail.sockets = 1};
	struct inet_diag_msg m;

	if (len < sizeof(m))
		return -EBADMSG;
	memcpy(&m, body, sizeof(m));
	if (m.idiag_family != AF_INET && m.idiag_family != AF_INET6)
		return 0;
	if (!attributes_read(body + sizeof(m), len - sizeof(m), &s))
		return 0;
	row_fill(&m, &s.row);
	return fn(userdata, &s);
}

static int error_code(const uint8_t *body, size_t len)
{
	int32_t code;

	if (len < sizeof(code))
		return -EBADMSG;
	memcpy(&code, body, sizeof(code));
	return code < 0 ? code : 0;
}

int sock_diag_parse(const void *data, size_t len, sock_diag_fn fn, void *userdata,
		    enum sock_diag_end *ret_end)
{
	const uint8_t *at = data;
	bool is_interrupted = false;

	*ret_end = SOCK_DIAG_MORE;
	while (len >= sizeof(struct nlmsghdr)) {
		struct nlmsghdr h;
		size_t body, whole;
		int r = 0;

		memcpy(&h, at, sizeof(h));
		if (h.nlmsg_len < sizeof(h) || h.nlmsg_len > len)
			return -EBADMSG;
		body = h.nlmsg_len - sizeof(h);
		is_interrupted |= h.nlmsg_flags & NLM_F_DUMP_INTR;
		if (h.nlmsg_type == NLMSG_DONE)
			*ret_end = SOCK_DIAG_DONE;
		else if (h.nlmsg_type == NLMSG_ERROR)
			r = error_code(at + sizeof(h), body);
		else if (h.nlmsg_type == SOCK_DIAG_BY_FAMILY || h.nlmsg_type == TCPDIAG_GETSOCK)
			r = message_take_socket(at + sizeof(h), body, fn, userdata);
		if (r < 0)
			return r;
		whole = NLMSG_ALIGN(h.nlmsg_len);
		if (whole >= len)
			break;
		at += whole;
		len -= whole;
	}
	if (is_interrupted && *ret_end == SOCK_DIAG_DONE)
		*ret_end = SOCK_DIAG_INTERRUPTED;
	return 0;
}
