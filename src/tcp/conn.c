// SPDX-License-Identifier: MIT
#include "tcp/conn.h"

#include <stddef.h>

#include "base/cleanup.h"

static const char *name_in(const char *const *names, size_t n, unsigned int i)
{
	return i < n ? names[i] : NULL;
}

const char *owner_basis_name(enum owner_basis b)
{
	static const char *const names[] = {
		[OWNER_LISTENER] = "listener", [OWNER_TABLE] = "table",
		[OWNER_CLOSE] = "close",       [OWNER_IO] = "io",
		[OWNER_CONNECT] = "connect",
	};

	return name_in(names, ARRAY_SIZE(names), b);
}

const char *cgroup_basis_name(enum cgroup_basis b)
{
	static const char *const names[] = {
		[CGROUP_BY_PARENT] = "parent",
		[CGROUP_BY_START] = "start",
		[CGROUP_BY_EVENT] = "event",
	};

	return name_in(names, ARRAY_SIZE(names), b);
}

const char *tcp_origin_name(enum tcp_origin o)
{
	static const char *const names[] = {
		[TCP_ORIGIN_SEEN] = "before",	  [TCP_ORIGIN_TABLE] = "before",
		[TCP_ORIGIN_CONNECT] = "connect", [TCP_ORIGIN_ACCEPT] = "accept",
		[TCP_ORIGIN_LISTEN] = "listen",	  [TCP_ORIGIN_HALF_OPEN] = "half-open",
	};

	return name_in(names, ARRAY_SIZE(names), o);
}

const char *tcp_ending_name(enum tcp_ending e)
{
	static const char *const names[] = {
		[TCP_ENDING_OPEN] = "open",
		[TCP_ENDING_LOCAL_FIN] = "local-fin",
		[TCP_ENDING_REMOTE_FIN] = "remote-fin",
		[TCP_ENDING_BOTH_FIN] = "both-fin",
		[TCP_ENDING_LOCAL_RESET] = "local-reset",
		[TCP_ENDING_REMOTE_RESET] = "remote-reset",
		[TCP_ENDING_TIMEOUT] = "timeout",
		[TCP_ENDING_ERROR] = "error",
		[TCP_ENDING_DESTROYED] = "destroyed",
		[TCP_ENDING_ABORTED] = "aborted",
		[TCP_ENDING_UNSEEN] = "unseen",
	};

	return name_in(names, ARRAY_SIZE(names), e);
}

const char *tcp_bytes_by_name(enum tcp_bytes_by b)
{
	static const char *const names[] = {
		[TCP_BYTES_TCP_INFO] = "tcp_info",
		[TCP_BYTES_IO] = "io",
		[TCP_BYTES_PEER] = "peer",
	};

	return name_in(names, ARRAY_SIZE(names), b);
}

const struct tcp_conn_info *tcp_conn_info(const struct tcp_conn *c)
{
	static const struct tcp_conn_info none;

	return c->tcp_info ? c->tcp_info : &none;
}

const struct tcp_conn_cold *tcp_conn_cold(const struct tcp_conn *c)
{
	static const struct tcp_conn_cold none;

	return c->cold ? c->cold : &none;
}

const struct tcp_conn_attempt *tcp_conn_attempt(const struct tcp_conn *c)
{
	static const struct tcp_conn_attempt none;

	return c->cold && c->cold->attempt ? c->cold->attempt : &none;
}

struct owner tcp_conn_opener(const struct tcp_conn *c)
{
	const struct owner *other = tcp_conn_cold(c)->opener;
	struct owner opener = other ? *other : c->owner;

	opener.basis = c->opener_basis;
	return opener;
}

enum tcp_bytes_by tcp_conn_bytes(const struct tcp_conn *c, uint64_t *ret_tx, uint64_t *ret_rx)
{
	const struct tcp_conn_info *f = tcp_conn_info(c);
	bool is_whole = (c->is_born || c->has_base) && !c->has_loss;
	/* Where events were lost, an attempt may have been established unseen, and cleared figures
	 * of 0 tell nothing. */
	bool is_known = f->has_bytes && !(f->is_cleared && c->has_loss);

	if (is_known && !f->is_far && (c->has_final || c->ending == TCP_ENDING_OPEN)) {
		*ret_tx = f->tx_bytes;
		*ret_rx = f->rx_bytes;
		return TCP_BYTES_TCP_INFO;
	}
	if (f->has_bytes && f->is_far) {
		*ret_tx = f->tx_bytes;
		*ret_rx = f->rx_bytes;
		return TCP_BYTES_PEER;
	}
	/* A process sends and receives on the main socket of its MPTCP connection. */
	if (c->has_io && is_whole && !c->subflow) {
		*ret_tx = c->io_tx;
		*ret_rx = c->io_rx;
		return TCP_BYTES_IO;
	}
	return TCP_BYTES_UNKNOWN;
}

bool tcp_conn_duration(const struct tcp_conn *c, uint64_t *ret_ns)
{
	*ret_ns = c->end_ns > c->seen_ns ? c->end_ns - c->seen_ns : 0;
	return c->is_born;
}

bool tcp_conn_retrans_segs(const struct tcp_conn *c, uint32_t *ret)
{
	const struct tcp_conn_info *info = tcp_conn_info(c);

	*ret = info->total_retrans > info->base_retrans ? info->total_retrans - info->base_retrans
							: 0;
	/* Of a connection from before the recording it is known where it stands in the first
	 * table. */
	return info->has_total_retrans && !info->is_cleared &&
	       (c->is_born || c->origin == TCP_ORIGIN_TABLE);
}
