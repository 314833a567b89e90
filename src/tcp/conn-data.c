// SPDX-License-Identifier: MIT
#include "tcp/conn-data.h"

#include "tcp/names.h"

static bool is_zero(const struct tcp_info_values *f, enum tcp_info_field which)
{
	uint64_t v;

	return !tcp_info_get(f, which, &v) || !v;
}

bool tcp_info_is_cleared(const struct tcp_info_values *f)
{
	const uint64_t needed = TCP_INFO_BIT(TCP_INFO_SEGS_OUT) | TCP_INFO_BIT(TCP_INFO_SEGS_IN);

	return f && (f->present & needed) == needed && is_zero(f, TCP_INFO_SEGS_OUT) &&
	       is_zero(f, TCP_INFO_SEGS_IN) && is_zero(f, TCP_INFO_BYTES_ACKED) &&
	       is_zero(f, TCP_INFO_BYTES_RECEIVED);
}

bool conn_data_is_hidden(const struct tcp_conn *c, const struct tcp_info_values *f)
{
	return tcp_info_is_cleared(f) && (!c->is_born || c->was_established || c->established_ns);
}

/* Whether the peer has acknowledged our FIN. */
static bool is_fin_acked(const struct tcp_conn *c)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	unsigned int state = c->state == TCP_STATE_CLOSE ? c->last_state : c->state;

	return state == TCP_STATE_FIN_WAIT2 ||
	       (c->state == TCP_STATE_CLOSE && !cold->err && !cold->n_resets_received &&
		(state == TCP_STATE_LAST_ACK || state == TCP_STATE_CLOSING));
}

/* Data that was sent, each byte counted once. False: not known. */
static bool sent_once(const struct tcp_info_values *f, uint64_t *ret)
{
	uint64_t sent, again;

	if (!tcp_info_get(f, TCP_INFO_BYTES_SENT, &sent) ||
	    !tcp_info_get(f, TCP_INFO_BYTES_RETRANS, &again) || sent < again)
		return false;
	*ret = sent - again;
	return true;
}

void conn_data_learn_side(struct tcp_conn *c, const struct tcp_info_values *f)
{
	uint64_t acked, data;

	/* All data and the SYN are acknowledged. While data is not, nothing is learned. */
	if (!c->is_born && tcp_info_get(f, TCP_INFO_BYTES_ACKED, &acked) && sent_once(f, &data) &&
	    acked == data + 1 + is_fin_acked(c))
		c->is_client = true;
}

static uint64_t acked_data(const struct tcp_conn *c, const struct tcp_info_values *f)
{
	uint64_t acked = f->values[TCP_INFO_BYTES_ACKED], data;

	if (c->is_client && acked)
		acked--;
	/* What was sent bounds what was acknowledged. */
	if (sent_once(f, &data))
		return acked < data ? acked : data;
	return is_fin_acked(c) && acked ? acked - 1 : acked;
}

static bool has_their_fin(const struct tcp_conn *c)
{
	if (c->first_fin == TCP_FIN_THEIRS || c->first_fin == TCP_FIN_BOTH)
		return true;
	if (c->state != TCP_STATE_CLOSE || c->last_state != TCP_STATE_FIN_WAIT2)
		return false;
	/* An orphaned socket becomes TIME_WAIT as soon as its FIN is acknowledged
	 * (tcp_rcv_state_process), and then does not receive the peer's FIN. */
	return c->knows_fin ? c->has_fin : !c->is_early_time_wait;
}

bool conn_data_of(const struct tcp_conn *c, const struct tcp_info_values *f, uint64_t *ret_tx,
		  uint64_t *ret_rx)
{
	uint64_t acked, received;

	if (!tcp_info_get(f, TCP_INFO_BYTES_ACKED, &acked) ||
	    !tcp_info_get(f, TCP_INFO_BYTES_RECEIVED, &received))
		return false;
	*ret_tx = acked_data(c, f);
	*ret_rx = received && has_their_fin(c) ? received - 1 : received;
	return true;
}
