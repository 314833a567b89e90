/* SPDX-License-Identifier: MIT */
/*
 * tcp-info-growth: how much the fields of a connection's struct tcp_info (from sock_diag) grew
 * during the recording. The growth is exact, even if events were lost. Retransmitted SYNs and
 * SYN-ACKs are left out, because only data is meant.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct tcp_info_growth {
	uint64_t sent_bytes;	  /* data, retransmitted data included */
	uint64_t retrans_bytes;	  /* retransmitted data */
	uint64_t acked_bytes;	  /* data that the peer acknowledged */
	uint64_t received_bytes;  /* data that the peer sent */
	uint64_t busy_us;	  /* time in which data was sent, or waited to be */
	uint64_t rwnd_limited_us; /* time in which the peer's receive window held the sender back */
	uint64_t sndbuf_limited_us; /* time in which a full send buffer held the sender back */
	uint32_t segs;		    /* segments sent, of any kind */
	uint32_t retrans_segs;	    /* segments retransmitted */
	uint32_t dsacks;	    /* segments that the peer got twice (RFC 2883) */
	bool has_timeouts;	    /* the kernel counts timeouts */
	uint32_t timeouts;	    /* retransmission timeouts; kernels from 6.7 on */
	uint32_t timeouts_ms;	    /* time spent in these timeouts */
};
