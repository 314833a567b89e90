// SPDX-License-Identifier: MIT
#include "track/figures.h"

#include <errno.h>

#include "tcp/conn-data.h"

static void figures_copy(struct tcp_conn_info *own, const struct tcp_info_values *f)
{
	uint64_t v;

	if (tcp_info_get(f, TCP_INFO_RTT_US, &v) && v) {
		own->rtt_us = (uint32_t)v;
		own->has_rtt = true;
	}
	if (tcp_info_get(f, TCP_INFO_MIN_RTT_US, &v) && v != UINT32_MAX) {
		own->min_rtt_us = (uint32_t)v;
		own->has_min_rtt = true;
	}
	if (tcp_info_get(f, TCP_INFO_RTO_US, &v) && v) {
		own->rto_us = (uint32_t)v;
		own->has_rto = true;
	}
	if (tcp_info_get(f, TCP_INFO_TOTAL_RETRANS, &v)) {
		own->total_retrans = (uint32_t)v;
		own->has_total_retrans = true;
	}
}

/* Takes over how much of the data that the process wrote had not been acknowledged. */
static void take_unacked(struct tcp_conn_info *own, const struct tcp_info_values *f)
{
	uint64_t sent, again, notsent = 0;

	if (!own->has_bytes || !tcp_info_get(f, TCP_INFO_BYTES_SENT, &sent) ||
	    !tcp_info_get(f, TCP_INFO_BYTES_RETRANS, &again) || sent < again + own->tx_bytes)
		return;
	tcp_info_get(f, TCP_INFO_NOTSENT_BYTES, &notsent);
	own->unacked_bytes = sent - again - own->tx_bytes + notsent;
	own->has_unacked = true;
}

int figures_take(struct conns *s, struct tcp_conn *c, const struct tcp_info_values *f,
		 bool is_final)
{
	struct tcp_conn_info *own;

	if (!f)
		return 0;
	own = conns_tcp_info(s, c);
	if (!own)
		return -ENOMEM;
	c->has_final |= is_final;
	own->is_cleared = tcp_info_is_cleared(f);
	if (conn_data_is_hidden(c, f)) {
		*own = (struct tcp_conn_info){.is_cleared = true};
		return 0;
	}
	conn_data_learn_side(c, f);
	own->has_bytes = conn_data_of(c, f, &own->tx_bytes, &own->rx_bytes);
	if (own->is_cleared)
		return 0;
	figures_copy(own, f);
	take_unacked(own, f);
	return 0;
}
