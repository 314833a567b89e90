/* SPDX-License-Identifier: MIT */
/*
 * tcp-info-growth: by how much the kernel's figures of one connection (struct tcp_info, by
 * sock_diag) grew while the tape ran. They are exact, whatever events were lost. SYNs and SYN-ACKs
 * that were retransmitted are left out: the figures are about data.
 */
#pragma once

#include <stdint.h>

struct tcp_info_growth {
	uint64_t sent_bytes;	  /* data, retransmitted data included */
	uint64_t retrans_bytes;	  /* retransmitted data */
	uint64_t acked_bytes;	  /* data that the peer acknowledged */
	uint64_t received_bytes;  /* data that the peer sent */
	uint64_t rwnd_limited_us; /* time in which the peer's receive window held the sender back */
	uint32_t segs;		  /* segments sent, of any kind */
	uint32_t retrans_segs;	  /* segments retransmitted */
	uint32_t dsacks;	  /* segments that the peer got twice (RFC 2883) */
	uint32_t timeouts;	  /* retransmission timeouts; kernels from 6.7 on */
	uint32_t timeouts_ms;	  /* time spent in them */
};
