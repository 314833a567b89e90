/* SPDX-License-Identifier: MIT */
/*
 * tcp-info: the fields of struct tcp_info (include/uapi/linux/tcp.h), the kernel's own figures of a
 * socket, as sock_diag gives them. Which of them a tape has depends on its kernel: the struct has
 * only ever grown at its end, and into holes. Two fields are left out, which kernels fill with 0
 * whatever happened: tcpi_fackets (from 4.15 on) and tcpi_last_ack_sent (all kernels); and
 * tcpi_state, which sock_diag tells beside the struct.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tcp_info_field {
	TCP_INFO_CA_STATE,
	TCP_INFO_RETRANSMITS, /* timeouts in a row at this time */
	TCP_INFO_PROBES,      /* window probes and keepalives in a row that nobody has answered */
	TCP_INFO_BACKOFF,
	/* Bits: 1 timestamps, 2 SACK, 4 window scales, 8 ECN, 16 a congestion mark was seen, 32 the
	 * SYN had data that was taken, 64 timestamps in microseconds, 128 the child of a Fast
	 * Open. */
	TCP_INFO_OPTIONS,
	/* Two bit fields of 4 bits, in the order that the recording host gives bit fields: the
	 * peer's scale and ours. */
	TCP_INFO_WINDOW_SCALES,
	/* Bit fields, in the same order: 1 bit, that the process limits the delivery rate; 2 bits,
	 * why Fast Open failed. */
	TCP_INFO_RATE_FLAGS,
	TCP_INFO_RTO_US,
	TCP_INFO_ATO_US,
	TCP_INFO_SND_MSS,
	TCP_INFO_RCV_MSS,
	TCP_INFO_UNACKED, /* segments; in a listener: connections that wait for accept() */
	TCP_INFO_SACKED,  /* segments; in a listener: the limit of its accept queue */
	TCP_INFO_LOST,
	TCP_INFO_RETRANS_OUT, /* tcpi_retrans: segments retransmitted and not acknowledged yet */
	TCP_INFO_LAST_DATA_SENT_MS, /* since data was sent last */
	TCP_INFO_LAST_DATA_RECV_MS, /* since data came last */
	TCP_INFO_LAST_ACK_RECV_MS,  /* since any acknowledgement came last */
	TCP_INFO_PMTU,
	TCP_INFO_RCV_SSTHRESH,
	TCP_INFO_RTT_US, /* smoothed; 0: no sample yet */
	TCP_INFO_RTTVAR_US,
	TCP_INFO_SND_SSTHRESH, /* segments; 2^31 - 1: none */
	TCP_INFO_SND_CWND,
	TCP_INFO_ADVMSS,
	TCP_INFO_REORDERING,
	TCP_INFO_RCV_RTT_US, /* 0: no sample yet */
	TCP_INFO_RCV_SPACE,
	TCP_INFO_TOTAL_RETRANS,	  /* segments */
	TCP_INFO_PACING_RATE,	  /* 2^64 - 1: not paced */
	TCP_INFO_MAX_PACING_RATE, /* 2^64 - 1: there is none */
	TCP_INFO_BYTES_ACKED,	  /* an acknowledged SYN and FIN count as a byte each */
	TCP_INFO_BYTES_RECEIVED,  /* a FIN counts as a byte */
	TCP_INFO_SEGS_OUT,
	TCP_INFO_SEGS_IN,
	TCP_INFO_NOTSENT_BYTES,
	TCP_INFO_MIN_RTT_US, /* UINT32_MAX: no sample yet */
	TCP_INFO_DATA_SEGS_IN,
	TCP_INFO_DATA_SEGS_OUT, /* segments with data; each retransmission counts, too */
	TCP_INFO_DELIVERY_RATE, /* the latest sample */
	TCP_INFO_BUSY_TIME_US,
	TCP_INFO_RWND_LIMITED_US,
	TCP_INFO_SNDBUF_LIMITED_US,
	TCP_INFO_DELIVERED, /* repeats too */
	TCP_INFO_DELIVERED_CE,
	TCP_INFO_BYTES_SENT, /* data only; retransmitted bytes count again */
	TCP_INFO_BYTES_RETRANS,
	TCP_INFO_DSACK_DUPS,
	TCP_INFO_REORD_SEEN,
	TCP_INFO_RCV_OOOPACK,
	TCP_INFO_SND_WND,
	TCP_INFO_RCV_WND,
	TCP_INFO_REHASH,
	TCP_INFO_TOTAL_RTO, /* timeouts over the whole life of the socket */
	TCP_INFO_TOTAL_RTO_RECOVERIES,
	TCP_INFO_TOTAL_RTO_TIME_MS,
	TCP_INFO_RECEIVED_CE,
	TCP_INFO_DELIVERED_E1_BYTES,
	TCP_INFO_DELIVERED_E0_BYTES,
	TCP_INFO_DELIVERED_CE_BYTES,
	TCP_INFO_RECEIVED_E1_BYTES,
	TCP_INFO_RECEIVED_E0_BYTES,
	TCP_INFO_RECEIVED_CE_BYTES,
	TCP_INFO_N,
};

struct tcp_info_field_info {
	const char *name;    /* in a socket row, and in JSON */
	uint16_t offset;     /* in struct tcp_info, the same in all kernels that have the field */
	uint8_t size;	     /* bytes */
	const char *summary; /* for people */
};

extern const struct tcp_info_field_info tcp_info_fields[TCP_INFO_N];

_Static_assert(TCP_INFO_N <= 64, "a bit for each field");
#define TCP_INFO_BIT(field) ((uint64_t)1 << (field))

/* The tcp_info of one socket at one time. */
struct tcp_info_values {
	uint64_t present; /* TCP_INFO_BIT() of each field that is known */
	uint64_t values[TCP_INFO_N];
};

/* The value of a field. False: it is not known, or s is NULL. */
static inline bool tcp_info_get(const struct tcp_info_values *s, enum tcp_info_field f,
				uint64_t *ret)
{
	if (!s || !(s->present & TCP_INFO_BIT(f)))
		return false;
	*ret = s->values[f];
	return true;
}
