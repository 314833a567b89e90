/* SPDX-License-Identifier: MIT */
/*
 * conn-data: how much of what a struct tcp_info counts is data.
 *
 * bytes_acked and bytes_received count sequence numbers, and SYN and FIN take one each (RFC 9293,
 * 3.4). In the kernel:
 *
 *   tcp_snd_una_update (called by tcp_ack) adds what an acknowledgement covers to bytes_acked: all
 *     data, our FIN, and the SYN of an active open (tcp_rcv_synsent_state_process calls tcp_ack).
 *     The SYN of a passive open is not in it: tcp_create_openreq_child sets snd_una to the number
 *     after it.
 *   tcp_rcv_nxt_update adds what arrives in order to bytes_received: all data, and the peer's FIN
 *     (end_seq of its segment counts it). The peer's SYN is not in it: rcv_nxt is set to the
 *     number after it.
 *   bytes_sent and bytes_retrans (from 4.19 on) count the lengths of data alone
 *     (__tcp_transmit_skb, __tcp_retransmit_skb).
 */
#pragma once

#include "tcp/conn.h"
#include "tcp/tcp-info.h"

/*
 * Whether the kernel has cleared the figures of a socket that was connected. tcp_disconnect() sets
 * them all to 0, and it is what close() calls where SO_LINGER is 0, before the last figures of the
 * socket are told. A socket that has sent one segment counts it in segs_out, and one that was
 * accepted counts the segment that completed its handshake in segs_in.
 */
bool tcp_info_is_cleared(const struct tcp_info_values *f);
/* Whether a cleared tcp_info hides what c carried. That of an attempt that is known never to have
 * been established hides nothing: no data was carried. */
bool conn_data_is_hidden(const struct tcp_conn *c, const struct tcp_info_values *f);

/* Learns from f whether c, whose birth was not seen, was an active open. */
void conn_data_learn_side(struct tcp_conn *c, const struct tcp_info_values *f);
/* Bytes of data that the peer has acknowledged, and that it has sent. f is that of c in the state
 * that c is in now. False: f lacks the fields. */
bool conn_data_of(const struct tcp_conn *c, const struct tcp_info_values *f, uint64_t *ret_tx,
		  uint64_t *ret_rx);
